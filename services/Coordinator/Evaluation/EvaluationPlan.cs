namespace O1Coder.Coordinator;

/// <summary>A valid request with every default filled in.</summary>
internal sealed record EvaluationPlan
{
    /// <summary>The problems.</summary>
    public required IReadOnlyList<EvaluatedProblem> Problems { get; init; }

    /// <summary>The options in force, every field set.</summary>
    public required V1.SearchOptions Options { get; init; }

    /// <summary>The budget of one search.</summary>
    public required V1.Budget Budget { get; init; }

    /// <summary>Samples a problem.</summary>
    public required int Samples { get; init; }

    /// <summary>The k of pass@k, ascending.</summary>
    public required IReadOnlyList<int> K { get; init; }

    /// <summary>The request as it came.</summary>
    public required V1.EvaluateRequest Request { get; init; }

    /// <summary>Whether programs come from searches.</summary>
    public bool Searches => Options.Strategy == V1.Strategy.Mcts;

    /// <summary>The request with every default filled in, and without what has no part in a sample.</summary>
    public V1.EvaluateRequest Canonical()
    {
        var request = Request.Clone();
        request.Options = Options;
        request.Budget = Searches ? Budget : null;
        request.Samples = Samples;
        request.Tests = request.Tests == V1.TestsShown.Unspecified ? V1.TestsShown.All : request.Tests;
        request.Adapter = "";
        request.K.Clear();
        return request;
    }
}
