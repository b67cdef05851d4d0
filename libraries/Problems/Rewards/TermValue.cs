namespace O1Coder.Problems;

/// <summary>The raw value of one term.</summary>
/// <param name="Value">In [0, 1]; null where nothing can be said, so that the term's weight goes to the others.</param>
/// <param name="Explanation">Where it comes from, or why there is none, for people; one line.</param>
public sealed record TermValue(double? Value, string Explanation);
