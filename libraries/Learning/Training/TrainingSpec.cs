namespace O1Coder.Learning.Training;

/// <summary>
/// A training run with every default filled in; mirrors TrainingJob of protos/o1coder/v1/trainer.proto without its name.
/// </summary>
public sealed record TrainingSpec
{
    /// <summary>What is optimised.</summary>
    public required TrainingMethod Method { get; init; }

    /// <summary>The data set: JSON lines in the format that the method names.</summary>
    public required string DataPath { get; init; }

    /// <summary>Where the adapter is written; checkpoints stand in a folder of this name with ".checkpoints" after it.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>A PEFT adapter to go on from; empty for a new one. For preferences also the reference policy.</summary>
    public string StartAdapter { get; init; } = "";

    /// <summary>The new adapter's shape; with a start adapter only its dropout counts.</summary>
    public LoraSpec Lora { get; init; } = new();

    /// <summary>How weights move.</summary>
    public OptimizerSpec Optimizer { get; init; } = new();

    /// <summary>For preferences.</summary>
    public DpoSpec Dpo { get; init; } = new();

    /// <summary>For process rewards.</summary>
    public PrmSpec Prm { get; init; } = new();

    /// <summary>How base weights are held.</summary>
    public BasePrecision BasePrecision { get; init; } = BasePrecision.BFloat16;

    /// <summary>Whether layers are computed again in the backward pass in place of keeping their activations.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Steps between checkpoints, 1 to 100,000.</summary>
    public int CheckpointEvery { get; init; } = 10;
}
