using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>Problems in the forms that the steps hand on.</summary>
internal static class PlayProblems
{
    /// <summary>A problem for a search: generated tests beside the visible ones, its own hidden tests, no solutions.</summary>
    public static V1.Problem ForSearch(V1.Problem problem, IEnumerable<TestText> generated)
    {
        // The split is that of the given tests: what the generator wrote must not come to judge.
        var read = ProblemReading.Read(problem);
        var split = TestSplit.Of(read);
        var made = WithoutSolutions(problem);
        made.VisibleTests.Clear();
        made.VisibleTests.AddRange(split.Visible.Select(ProblemReading.ToWire));
        made.VisibleTests.AddRange(generated.Select(test => test.ToWire()).Where(test => !made.VisibleTests.Contains(test)).Distinct().ToList());
        made.HiddenTests.Clear();
        made.HiddenTests.AddRange(split.Hidden.Select(ProblemReading.ToWire));
        return made;
    }

    /// <summary>A problem for the process reward model: neither hidden tests nor solutions.</summary>
    public static V1.Problem ForScoring(V1.Problem problem)
    {
        var made = WithoutSolutions(problem);
        made.HiddenTests.Clear();
        return made;
    }

    /// <summary>A problem without its solutions.</summary>
    public static V1.Problem WithoutSolutions(V1.Problem problem)
    {
        var made = problem.Clone();
        made.ReferenceSolutions.Clear();
        return made;
    }
}
