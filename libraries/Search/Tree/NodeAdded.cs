namespace O1Coder.Search;

/// <summary>A node joined the tree.</summary>
/// <param name="Node">The node's number.</param>
/// <param name="Parent">Its parent's number.</param>
/// <param name="Action">What the step does.</param>
/// <param name="Depth">Steps from the root.</param>
/// <param name="Text">The step's text.</param>
/// <param name="Terminal">Whether the path ends here.</param>
/// <param name="Tokens">Tokens generated for it.</param>
/// <param name="ProcessReward">r of an unfinished node, in [0, 1]; null where none was asked for.</param>
public sealed record NodeAdded(
    int Node, int Parent, StepAction Action, int Depth, string Text, bool Terminal, int Tokens,
    double? ProcessReward = null) : SearchEvent
{
    /// <summary>The prior P among its siblings, in [0, 1]; null where the method has none.</summary>
    public double? Prior { get; init; }

    /// <summary>The sum of its tokens' log-probabilities, at most 0; null where none was asked for.</summary>
    public double? LogProbability { get; init; }

    /// <summary>See <see cref="Proposal.Tail"/>; has no part in the tree.</summary>
    public string Tail { get; init; } = "";

    /// <summary>The seed of the request that brought it; has no part in the tree.</summary>
    public ulong Seed { get; init; }

    /// <summary>See <see cref="Proposal.Carry"/>; has no part in the tree.</summary>
    public object? Carry { get; init; }
}
