namespace O1Coder.Search;

/// <summary>One continuation of a path.</summary>
public sealed record Proposal
{
    /// <summary>The step's text.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// What was written after the text: white space and the string that ended the step. The search only hands it on.
    /// </summary>
    public string Tail { get; init; } = "";

    /// <summary>Tokens that it took to write, at least 0.</summary>
    public required int Tokens { get; init; }

    /// <summary>Whether the path ends here.</summary>
    public required bool Terminal { get; init; }

    /// <summary>The program, for a step that holds one; a terminal step without one is worth 0.</summary>
    public string? Program { get; init; }

    /// <summary>
    /// The sum of its tokens' log-probabilities before truncation, at most 0; null where
    /// <see cref="ProposalRequest.LogProbabilities"/> is not set.
    /// </summary>
    public double? LogProbability { get; init; }

    /// <summary>
    /// What the proposer wants to find again on the node when it is asked for the node's children, for example the
    /// tokens so far. The search neither reads nor logs it.
    /// </summary>
    public object? Carry { get; init; }
}
