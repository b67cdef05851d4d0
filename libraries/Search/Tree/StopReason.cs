namespace O1Coder.Search;

/// <summary>Why a search ended.</summary>
public enum StopReason
{
    /// <summary>A program passes every visible test.</summary>
    Passed,

    /// <summary>Rollouts, tokens, sandbox runs or time are spent.</summary>
    BudgetSpent,

    /// <summary>The method has nothing left to try.</summary>
    Exhausted,
}
