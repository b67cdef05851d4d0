namespace O1Coder.Coordinator;

/// <summary>run.json: what a run is made of. It is written first and never changes.</summary>
internal sealed record RunManifest
{
    /// <summary>The run's name.</summary>
    public required string Run { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>Settings, every field set, as JSON of o1coder.v1.SelfPlaySettings.</summary>
    public required string Settings { get; init; }

    /// <summary>See <see cref="PlayPlan.ProblemsHash"/>.</summary>
    public required string ProblemsHash { get; init; }

    /// <summary>Problems to learn from.</summary>
    public required int Problems { get; init; }

    /// <summary>Problems of evaluations.</summary>
    public required int EvaluationProblems { get; init; }

    /// <summary>The base model's name.</summary>
    public required string ModelId { get; init; }

    /// <summary>Its hash.</summary>
    public required string ModelHash { get; init; }

    /// <summary>What differs from another run's manifest, in words; null where they are alike.</summary>
    public string? DifferenceFrom(RunManifest other) =>
        ModelHash != other.ModelHash ? $"the model {ModelId}, not {other.ModelId} of this hash"
        : ProblemsHash != other.ProblemsHash ? "other problems"
        : Settings != other.Settings ? $"the settings {Settings}"
        : null;
}
