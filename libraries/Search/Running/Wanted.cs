namespace O1Coder.Search;

/// <summary>What is wanted with the steps of an expansion.</summary>
[Flags]
internal enum Wanted
{
    /// <summary>Sampled steps alone.</summary>
    Steps = 0,

    /// <summary>The likeliest token each time.</summary>
    Greedy = 1,

    /// <summary>Process rewards of unfinished steps.</summary>
    Rewards = 2,

    /// <summary>The steps' log-probabilities.</summary>
    LogProbabilities = 4,

    /// <summary>Priors among the steps of the expansion, from their log-probabilities.</summary>
    Priors = 8 | LogProbabilities,

    /// <summary>Process rewards of all steps, programs included.</summary>
    RewardsOfAll = 16 | Rewards,
}
