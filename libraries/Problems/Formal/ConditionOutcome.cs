namespace O1Coder.Problems;

/// <summary>What a formal check of one postcondition came to.</summary>
public enum ConditionOutcome
{
    /// <summary>It was not looked at; never counts as passed.</summary>
    NotChecked,

    /// <summary>It holds for every argument that the preconditions allow.</summary>
    Proved,

    /// <summary>There are arguments that the preconditions allow and for which it does not hold.</summary>
    Refuted,

    /// <summary>The solver found neither a proof nor a counterexample within its limits.</summary>
    Unknown,
}
