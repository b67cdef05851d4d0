namespace O1Coder.Benchmarks;

/// <summary>The search load.</summary>
/// <param name="Problems">Trees that grow at once.</param>
/// <param name="Levels">Nodes that are expanded one after another in each.</param>
/// <param name="Children">Continuations of each node.</param>
/// <param name="Tokens">Tokens of each continuation.</param>
/// <param name="Prompt">Tokens of a problem.</param>
/// <param name="Shared">Of them, the instructions that all problems begin with.</param>
/// <param name="TopK">Only so many of the likeliest tokens are drawn from; 0 for all.</param>
internal sealed record SearchShape(int Problems, int Levels, int Children, int Tokens, int Prompt, int Shared, int TopK)
{
    /// <summary>Tokens that are generated.</summary>
    public int Generated => Problems * Levels * Children * Tokens;
}
