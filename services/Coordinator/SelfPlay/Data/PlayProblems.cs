using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>Problems in the forms that the steps hand on.</summary>
internal static class PlayProblems
{
    /// <summary>
    /// A problem for a search: generated tests beside the visible ones, its own hidden tests, no solutions. A generated
    /// test on a hidden one's input is left out: the generator has learnt from hidden tests, and no search may see them.
    /// </summary>
    public static V1.Problem ForSearch(V1.Problem problem, IEnumerable<TestText> generated)
    {
        // The split is that of the given tests: what the generator wrote must not come to judge.
        var read = ProblemReading.Read(problem);
        var split = TestSplit.Of(read);
        var made = WithoutSolutions(problem);
        made.VisibleTests.Clear();
        made.VisibleTests.AddRange(split.Visible.Select(ProblemReading.ToWire));
        made.HiddenTests.Clear();
        made.HiddenTests.AddRange(split.Hidden.Select(ProblemReading.ToWire));
        var known = made.VisibleTests.Concat(made.HiddenTests).Select(InputOf).ToHashSet(StringComparer.Ordinal);
        made.VisibleTests.AddRange(generated.Select(test => test.ToWire()).Where(test => known.Add(InputOf(test))).ToList());
        return made;

        string InputOf(V1.TestCase test) => test.Stdio is { } stdio
            ? string.Join(' ', stdio.Stdin.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            : PythonEquality.ArgumentsOf(test.Assertion.Code, read.EntryPoint ?? "") ?? test.Assertion.Code;
    }

    /// <summary>A problem for the process reward model: the tests that a search may see, no solutions.</summary>
    public static V1.Problem ForScoring(V1.Problem problem)
    {
        var made = ForSearch(problem, []);
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
