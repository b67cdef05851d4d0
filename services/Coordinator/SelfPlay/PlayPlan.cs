namespace O1Coder.Coordinator;

/// <summary>A valid request with every default filled in.</summary>
internal sealed record PlayPlan
{
    /// <summary>The run's name; empty to choose one.</summary>
    public required string Run { get; init; }

    /// <summary>Problems to learn from.</summary>
    public required IReadOnlyList<V1.Problem> Problems { get; init; }

    /// <summary>Problems that only evaluations see.</summary>
    public required IReadOnlyList<V1.Problem> EvaluationProblems { get; init; }

    /// <summary>Settings, every field set.</summary>
    public required V1.SelfPlaySettings Settings { get; init; }

    /// <summary>How much of everything.</summary>
    public required PlayLimits Limits { get; init; }

    /// <summary>SHA-256 of both sets of problems, hexadecimal.</summary>
    public required string ProblemsHash { get; init; }

    /// <summary>The precision of base weights while training.</summary>
    public V1.BasePrecision Precision =>
        Settings.BasePrecision == PlayRequestReader.Float32 ? V1.BasePrecision.Float32 : V1.BasePrecision.Bfloat16;
}
