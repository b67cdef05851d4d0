namespace O1Coder.Learning.Training;

/// <summary>What a finished run has left.</summary>
public sealed record TrainingOutcome
{
    /// <summary>The adapter's folder, in PEFT's format.</summary>
    public required string AdapterFolder { get; init; }

    /// <summary>The adapter's version: the first 16 hex digits of the hash over its two files' hashes.</summary>
    public required string AdapterVersion { get; init; }

    /// <summary>The mean loss of each epoch, the last one perhaps cut short by <see cref="OptimizerSpec.MaxSteps"/>.</summary>
    public required IReadOnlyList<double> EpochLosses { get; init; }

    /// <summary>Lines of the data set that were trained on.</summary>
    public required int Rows { get; init; }

    /// <summary>Lines left out as too long.</summary>
    public required int SkippedRows { get; init; }

    /// <summary>Tokens trained on, over all epochs and all runs of the job.</summary>
    public required long Tokens { get; init; }

    /// <summary>Seconds of training, over all runs of the job.</summary>
    public required double Seconds { get; init; }
}
