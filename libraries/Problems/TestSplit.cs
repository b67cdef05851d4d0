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

    /// <summary>
    /// Takes generated tests for the visible ones. The hidden tests judge alone; without any the generated ones do both.
    /// </summary>
    /// <param name="generated">The generated tests, at least one.</param>
    /// <param name="hidden">The problem's hidden tests; may be empty.</param>
    /// <exception cref="ArgumentException">There is no generated test.</exception>
    public static TestSplit OfGenerated(IReadOnlyList<TestCase> generated, IReadOnlyList<TestCase> hidden)
    {
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(hidden);
        if (generated.Count == 0)
        {
            throw new ArgumentException("There is no generated test.", nameof(generated));
        }

        return hidden.Count > 0 ? new TestSplit(generated, hidden, HeldOut.GivenAlone) : new TestSplit(generated, generated, HeldOut.Shared);
    }

    /// <summary>The tests that judge a result, each once: the visible ones first where they count too.</summary>
    public IReadOnlyList<TestCase> Judging => Rule switch
    {
        HeldOut.Shared => Visible,
        HeldOut.GivenAlone => Hidden,
        _ => [.. Visible, .. Hidden],
    };

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
