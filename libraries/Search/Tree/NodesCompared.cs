namespace O1Coder.Search;

/// <summary>Two nodes' programs were compared; the tree keeps the comparison.</summary>
/// <param name="First">One node's number.</param>
/// <param name="Second">Another's.</param>
/// <param name="Preference">The probability that the first is better, in [0, 1].</param>
public sealed record NodesCompared(int First, int Second, double Preference) : SearchEvent;
