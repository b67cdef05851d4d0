namespace O1Coder.Coordinator;

/// <summary>
/// What is written when a step is done, and last of all: a step is done exactly when its record stands. Inputs and
/// outputs with their hashes tie the steps of a run together.
/// </summary>
internal sealed record StepRecord
{
    /// <summary>The step's number, from 1.</summary>
    public required int Step { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required string Title { get; init; }

    /// <summary>The part of Algorithm 1, 1 to 6; 0 for evaluations.</summary>
    public required int Part { get; init; }

    /// <summary>The iteration, from 1; 0 before the first.</summary>
    public required int Iteration { get; init; }

    /// <summary>What it read.</summary>
    public required IReadOnlyList<FileHash> Inputs { get; init; }

    /// <summary>What it wrote.</summary>
    public required IReadOnlyList<FileHash> Outputs { get; init; }

    /// <summary>What it was done with.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>What was measured.</summary>
    public required IReadOnlyList<StepMetric> Metrics { get; init; }

    /// <summary>Folders of adapters, in the run's folder, that are in use from here on, by role; empty for the base.</summary>
    public required IReadOnlyDictionary<string, string> Keeps { get; init; }

    /// <summary>What came of it, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>Seconds that it took, over all tries.</summary>
    public required double Seconds { get; init; }

    /// <summary>Tokens generated.</summary>
    public required long GeneratedTokens { get; init; }

    /// <summary>When it was done.</summary>
    public required DateTimeOffset Done { get; init; }
}
