namespace O1Coder.Problems.DataSets;

/// <summary>Words that two texts have in common.</summary>
/// <param name="Id">The other text.</param>
/// <param name="Words">The first run of words that both hold, case-folded, with spaces between.</param>
public sealed record NgramMatch(string Id, string Words);
