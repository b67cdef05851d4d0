using O1Coder.Problems;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>A valid request with every default filled in.</summary>
internal sealed record SolvePlan
{
    /// <summary>The problem; its tests are those of <see cref="Tests"/>.</summary>
    public required Problem Problem { get; init; }

    /// <summary>Which tests steer the search and which judge its result; none steer it while they are to be written.</summary>
    public required TestSplit Tests { get; init; }

    /// <summary>The tests that steer the search where they were generated, with how each was obtained; else empty.</summary>
    public IReadOnlyList<V1.GeneratedTest> GeneratedTests { get; init; } = [];

    /// <summary>Whether tests have to be written before the search can begin.</summary>
    public bool LacksTests => Tests.Visible.Count == 0;

    /// <summary>The request as it came, for the search's folder.</summary>
    public required V1.SolveRequest Request { get; init; }

    /// <summary>The adapter's folder as it was asked for; empty for none.</summary>
    public string Adapter => Request.Adapter;

    /// <summary>How urgent the search is to the model: somebody watches it, unless it is said otherwise.</summary>
    public V1.Priority Priority { get; init; } = V1.Priority.High;

    /// <summary>The options in force, every field set.</summary>
    public required V1.SearchOptions WireOptions { get; init; }

    /// <summary>The budget in force.</summary>
    public required V1.Budget WireBudget { get; init; }

    /// <summary>The name of the action plan in force; see <see cref="Search.ActionPlan.Named"/>.</summary>
    public required string ActionPlan { get; init; }

    /// <summary>The options in force as the search takes them.</summary>
    public required SearchOptions Options { get; init; }

    /// <summary>The same with generated tests.</summary>
    /// <param name="tests">The tests, at least one, of the problem's mode.</param>
    public SolvePlan With(IReadOnlyList<V1.GeneratedTest> tests)
    {
        var split = TestSplit.OfGenerated(
            [.. tests.Select((one, i) => ProblemReading.ReadTest(one.Test, Problem.Mode, $"tests[{i}].test"))], Tests.Hidden);
        return this with { Problem = Problem with { VisibleTests = split.Visible }, Tests = split, GeneratedTests = tests };
    }
}
