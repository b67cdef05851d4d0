namespace O1Coder.Search;

/// <summary>Shares one budget among the problems of a run. Safe for concurrent use.</summary>
public interface IEffortAllocator
{
    /// <summary>What was spent: rollouts, tokens and sandbox runs of all problems.</summary>
    Standing Spent { get; }

    /// <summary>A problem of the run that nobody works on.</summary>
    /// <exception cref="ArgumentException">The problem is known already.</exception>
    void Add(string problem, Standing standing);

    /// <summary>
    /// The problem that gets the next <see cref="EffortBudget.Grant"/> rollouts; null when the budget is spent, counting
    /// what is granted and has not come back, or nobody waits.
    /// </summary>
    string? Next();

    /// <summary>A grant came back: the problem waits for another, unless it is solved, spent, or has nothing left to try.</summary>
    /// <param name="problem">The problem that <see cref="Next"/> gave.</param>
    /// <param name="standing">How its search stands now.</param>
    /// <param name="over">Whether its search has ended.</param>
    /// <exception cref="ArgumentException">Nothing was granted to the problem.</exception>
    void Report(string problem, Standing standing, bool over);
}
