using O1Coder.Problems.Training;

namespace O1Coder.Coordinator;

/// <summary>One line of D_process: a full path of a search, what the search found out about its steps, and its text.</summary>
internal sealed record PathRow
{
    /// <summary>The search and the leaf, "search/node": no path is counted twice.</summary>
    public required string Id { get; init; }

    /// <summary>The problem's id.</summary>
    public required string Problem { get; init; }

    /// <summary>The search.</summary>
    public required string SearchId { get; init; }

    /// <summary>The round of searches, from 0.</summary>
    public required int Round { get; init; }

    /// <summary>The search's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The version of the policy's adapter; empty for the base.</summary>
    public required string Adapter { get; init; }

    /// <summary>The steps from the root; the last holds the program.</summary>
    public required IReadOnlyList<PathStep> Steps { get; init; }

    /// <summary>The program.</summary>
    public required string Program { get; init; }

    /// <summary>By all tests: the first failing test's verdict, visible ones first.</summary>
    public required string Verdict { get; init; }

    /// <summary>
    /// Outcome reward R = α·compile + (1−α)·pass, in [0, 1]: by all tests where the program passes the visible ones, else
    /// by these alone.
    /// </summary>
    public required double Reward { get; init; }

    /// <summary>The tests that it passes; null in files of before they were kept.</summary>
    public PathTests? Tests { get; init; }

    /// <summary>The chat that the model was shown.</summary>
    public required IReadOnlyList<PromptMessage> Prompt { get; init; }

    /// <summary>The whole answer.</summary>
    public required string Completion { get; init; }

    /// <summary>Whether the program passes everything: the path is one of D⁺.</summary>
    public bool Passes => Verdict == nameof(V1.Verdict.Accepted);

    /// <summary>As the process reward model's service takes it.</summary>
    /// <param name="problem">The problem, without hidden tests and solutions.</param>
    public V1.ValuedPath ToValued(V1.Problem problem)
    {
        var path = new V1.ValuedPath { SearchId = SearchId, Problem = problem };
        path.Steps.AddRange(Steps.Select(step => new V1.ValuedStep { Step = step.ToWire(), Value = step.Value, Visits = step.Visits, Node = step.Node }));
        return path;
    }
}
