namespace O1Coder.Problems;

/// <summary>The tests of a problem, apart from the problem; all are of one <see cref="ProblemMode"/>.</summary>
/// <param name="Visible">Tests that the model and the search may see; at least one.</param>
/// <param name="Hidden">Tests for the final judgement alone; may be empty.</param>
public sealed record TestSet(IReadOnlyList<TestCase> Visible, IReadOnlyList<TestCase> Hidden);
