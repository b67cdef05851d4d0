namespace O1Coder.Benchmarks;

/// <summary>A node that is to be expanded.</summary>
/// <param name="Path">The problem's tokens, then those of the steps so far.</param>
/// <param name="Children">How many continuations.</param>
/// <param name="Tokens">Tokens of each; none ends before.</param>
/// <param name="Seed">Of the sampling.</param>
internal sealed record SearchNode(int[] Path, int Children, int Tokens, int Seed)
{
    /// <summary>Temperature of the sampling; nothing is cut.</summary>
    public const float Temperature = 0.8f;
}
