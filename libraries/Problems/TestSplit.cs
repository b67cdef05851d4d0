namespace O1Coder.Problems;

/// <summary>Which tests steer a search and which judge its result.</summary>
/// <param name="Visible">Tests that the model and the search may see; at least one.</param>
/// <param name="Hidden">Tests for the final judgement; at least one.</param>
/// <param name="Rule">Where <paramref name="Hidden"/> comes from.</param>
public sealed record TestSplit(IReadOnlyList<TestCase> Visible, IReadOnlyList<TestCase> Hidden, HeldOut Rule)
{
    /// <summary>
    /// Splits the tests of a problem. Hidden tests of its own stay as they are. Without any, the last third of the
    /// visible ones (rounded down, at least one) is held out; a single test serves as both.
    /// </summary>
    /// <param name="problem">The problem; it has at least one visible test.</param>
    /// <returns>The split; no test is lost.</returns>
    /// <exception cref="ArgumentException">The problem has no visible test.</exception>
    public static TestSplit Of(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return Of(new TestSet(problem.VisibleTests, problem.HiddenTests));
    }

    /// <summary>Splits tests by the same rule as <see cref="Of(Problem)"/>.</summary>
    /// <param name="tests">The tests; at least one is visible.</param>
    /// <returns>The split; no test is lost.</returns>
    /// <exception cref="ArgumentException">There is no visible test.</exception>
    public static TestSplit Of(TestSet tests)
    {
        ArgumentNullException.ThrowIfNull(tests);
        var count = tests.Visible.Count;
        if (count == 0)
        {
            throw new ArgumentException("There is no visible test to split.", nameof(tests));
        }

        if (tests.Hidden.Count > 0)
        {
            return new TestSplit(tests.Visible, tests.Hidden, HeldOut.Given);
        }

        if (count == 1)
        {
            return new TestSplit(tests.Visible, tests.Visible, HeldOut.Shared);
        }

        var held = Math.Max(1, count / 3);
        return new TestSplit([.. tests.Visible.Take(count - held)], [.. tests.Visible.Skip(count - held)], HeldOut.LastThird);
    }
}
