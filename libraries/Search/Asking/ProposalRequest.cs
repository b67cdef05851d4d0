namespace O1Coder.Search;

/// <summary>Asks for continuations of one path by one action.</summary>
public sealed record ProposalRequest
{
    /// <summary>The nodes from the root to the one that gets children, at least the root.</summary>
    public required IReadOnlyList<SearchNode> Path { get; init; }

    /// <summary>What the new steps do.</summary>
    public required StepAction Action { get; init; }

    /// <summary>How many continuations, at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>Take the likeliest token each time; <see cref="Count"/> is then 1.</summary>
    public bool Greedy { get; init; }

    /// <summary>Everything random in the answer comes from this: equal requests get equal answers.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether <see cref="Proposal.LogProbability"/> is wanted.</summary>
    public bool LogProbabilities { get; init; }

    /// <summary>What was said about <see cref="Node"/>'s program for this answer; null for nothing.</summary>
    public string? Feedback { get; init; }

    /// <summary>
    /// The child of <see cref="Node"/> that is to be written anew in the light of its feedback; null for a new child.
    /// </summary>
    public SearchNode? Revises { get; init; }

    /// <summary>The node that gets children.</summary>
    public SearchNode Node => Path[^1];
}
