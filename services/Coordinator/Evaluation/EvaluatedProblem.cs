using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>A problem of an evaluation.</summary>
/// <param name="Wire">As it came.</param>
/// <param name="Problem">As the library has it; all of its tests.</param>
/// <param name="Shown">The tests that the model and the search see; may be empty.</param>
internal sealed record EvaluatedProblem(V1.Problem Wire, Problem Problem, IReadOnlyList<TestCase> Shown)
{
    /// <summary>All tests, which judge: the shown ones come first.</summary>
    public IReadOnlyList<TestCase> AllTests { get; } = [.. Problem.VisibleTests, .. Problem.HiddenTests];

    /// <summary>What the model sees.</summary>
    public ProblemView View { get; } = new(Problem.Statement, Problem.Mode, Problem.Signature, Problem.EntryPoint, Shown);

    /// <summary>The problem as a search gets it: the shown tests are visible, all others hidden, no solution.</summary>
    public V1.Problem ForSearch()
    {
        var problem = Wire.Clone();
        problem.ReferenceSolutions.Clear();
        problem.VisibleTests.Clear();
        problem.HiddenTests.Clear();
        problem.VisibleTests.AddRange(Shown.Select(ProblemReading.ToWire));

        // With nothing left over, the last test is given twice: without hidden tests a search holds visible ones out.
        problem.HiddenTests.AddRange((Shown.Count < AllTests.Count ? AllTests.Skip(Shown.Count) : [AllTests[^1]]).Select(ProblemReading.ToWire));
        return problem;
    }
}
