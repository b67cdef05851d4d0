namespace O1Coder.Problems;

/// <summary>What one term gave a program.</summary>
/// <param name="Name">The term's name.</param>
/// <param name="Value">Its raw value, in [0, 1]; null where nothing can be said.</param>
/// <param name="Weight">Its weight as the options have it; negative for a penalty.</param>
/// <param name="Contribution">What it adds to R: value · weight ÷ the weights of all terms with a value, or a penalty whole.</param>
/// <param name="Explanation">Where the value comes from; one line.</param>
public sealed record RewardPart(string Name, double? Value, double Weight, double Contribution, string Explanation);
