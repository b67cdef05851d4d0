namespace O1Coder.Search;

/// <summary>What is reflected on.</summary>
public enum ReflectionKind
{
    /// <summary>Why a program fails a test that is shown with its trace, and what to think instead (RethinkMCTS).</summary>
    Failure,

    /// <summary>What is wrong with a whole solution and how to make it better (LLaMA-Berry, MCTSr).</summary>
    Critique,
}
