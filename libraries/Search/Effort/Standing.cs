namespace O1Coder.Search;

/// <summary>How the search of one problem stands.</summary>
/// <param name="Rollouts">Rollouts that were made.</param>
/// <param name="Tokens">Tokens that they cost.</param>
/// <param name="SandboxRuns">Distinct programs that were run.</param>
/// <param name="BestValue">The best program's value on the visible tests, in [0, 1]; 0 without one.</param>
/// <param name="Passed">Whether a program passes every visible test.</param>
public readonly record struct Standing(int Rollouts, long Tokens, int SandboxRuns, double BestValue, bool Passed)
{
    /// <summary>Nothing was done yet.</summary>
    public static Standing Untried => default;

    /// <summary>The standing of a tree.</summary>
    public static Standing Of(SearchTree tree, int rollouts)
    {
        ArgumentNullException.ThrowIfNull(tree);
        return new Standing(
            rollouts, tree.Tokens, tree.SandboxRuns, tree.Best?.OwnValue ?? 0, tree.Best?.Judgement is { Accepted: true });
    }
}
