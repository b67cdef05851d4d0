namespace O1Coder.Benchmarks;

/// <summary>A node that is to be expanded.</summary>
/// <param name="Path">The problem's tokens, then those of the steps so far.</param>
/// <param name="Children">How many continuations.</param>
/// <param name="Tokens">Tokens of each; none ends before.</param>
/// <param name="TopK">Only so many of the likeliest tokens are drawn from; 0 for all.</param>
/// <param name="Seed">Of the sampling.</param>
internal sealed record SearchNode(int[] Path, int Children, int Tokens, int TopK, int Seed)
{
    /// <summary>Temperature of the sampling.</summary>
    public const float Temperature = 0.8f;
}
