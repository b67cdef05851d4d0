namespace O1Coder.Problems;

/// <summary>What became of one postcondition.</summary>
/// <param name="Condition">The postcondition as the problem states it.</param>
/// <param name="Outcome">What the check came to.</param>
/// <param name="Detail">Why, for people: the reason, or the counterexample; empty when it is proved.</param>
public sealed record ConditionVerdict(string Condition, ConditionOutcome Outcome, string Detail)
{
    /// <summary>Of a refuted one: a call of the program that breaks it, as a test for the sandbox; else null.</summary>
    public AssertionTest? Counterexample { get; init; }
}
