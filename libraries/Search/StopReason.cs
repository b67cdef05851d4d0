namespace O1Coder.Search;

/// <summary>Why a search ended.</summary>
public enum StopReason
{
    /// <summary>A program passes every visible test.</summary>
    Passed,

    /// <summary>The rollouts, tokens or time were spent.</summary>
    BudgetSpent,
}
