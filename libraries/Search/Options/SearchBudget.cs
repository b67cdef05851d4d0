namespace O1Coder.Search;

/// <summary>How much a search may spend.</summary>
public sealed record SearchBudget
{
    /// <summary>The most rollouts of one search.</summary>
    public const int MostRollouts = 10_000_000;

    /// <summary>Rollouts, at least 1. Default 32 (o1-Coder's code has 15, its script 3: both for larger models).</summary>
    public int Rollouts { get; init; } = 32;

    /// <summary>
    /// Tokens of all nodes together; 0 is no limit. Counted in the tree, not at the engine, so that an answer from a
    /// cache leads to the same tree as a fresh one. No new rollout starts once it is reached.
    /// </summary>
    public long Tokens { get; init; }

    /// <summary>
    /// Distinct programs that are run against the visible tests; 0 is no limit. No new rollout starts once it is reached.
    /// </summary>
    public long SandboxRuns { get; init; }

    /// <summary>
    /// Says whether the search may go on each time that <see cref="Grant"/> rollouts are done; null where it does not share
    /// its budget.
    /// </summary>
    public IEffortGate? Gate { get; init; }

    /// <summary>Rollouts that the gate grants at a time, at least 1. The first grant is asked for too.</summary>
    public int Grant { get; init; } = 4;

    /// <summary>
    /// When cancelled, the search ends as if its budget were spent. The search has no clock; who has one puts a limit
    /// of time here.
    /// </summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentException">A field is out of range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        OptionCheck.Require(Rollouts is >= 1 and <= MostRollouts, nameof(Rollouts), Rollouts, $"a whole number from 1 to {MostRollouts}");
        OptionCheck.Require(Tokens >= 0, nameof(Tokens), Tokens, "a whole number of at least 0 (0: no limit)");
        OptionCheck.Require(Grant >= 1, nameof(Grant), Grant, "a whole number of at least 1");
        OptionCheck.Require(
            SandboxRuns >= 0, nameof(SandboxRuns), SandboxRuns, "a whole number of at least 0 (0: no limit)");
    }
}
