namespace O1Coder.Coordinator;

/// <summary>What a step came to.</summary>
internal sealed record StepResult
{
    /// <summary>What came of it, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>The files that it wrote, by their paths in the run's folder.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>What was measured.</summary>
    public IReadOnlyList<StepMetric> Metrics { get; init; } = [];

    /// <summary>Adapters in use from here on, by role; roles that are not named stay.</summary>
    public IReadOnlyDictionary<string, string> Keeps { get; init; } = new Dictionary<string, string>();

    /// <summary>What it was done with.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
