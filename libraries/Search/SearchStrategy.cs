namespace O1Coder.Search;

/// <summary>How a program is looked for.</summary>
public enum SearchStrategy
{
    /// <summary>One program, the likeliest token each time.</summary>
    Greedy = 1,

    /// <summary>Independent programs, as many as there are rollouts, until one passes the visible tests.</summary>
    Sample = 2,

    /// <summary>o1-Coder's tree search over reasoning steps (arXiv 2412.00154).</summary>
    Mcts = 3,
}
