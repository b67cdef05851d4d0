namespace O1Coder.Learning.Training;

/// <summary>How weights move: AdamW (arXiv 1711.05101), betas 0.9 and 0.999, ε 1e-8, with every default filled in.</summary>
public sealed record OptimizerSpec
{
    /// <summary>The peak learning rate, in (0, 1].</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>What follows the warm-up.</summary>
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>Steps in which the rate climbs linearly from 0, at least 0.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>Decoupled weight decay, in [0, 1].</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The gradient's largest norm, above 0; a longer one is shortened to it.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>A norm before clipping above this stops the run.</summary>
    public double ExplodingGradientNorm { get; init; } = 1000;

    /// <summary>Passes over the data, 1 to 1000.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Steps at most; 0 is no such limit.</summary>
    public int MaxSteps { get; init; }

    /// <summary>Tokens of one forward pass, 64 to 65,536. What belongs together and is longer makes a pass of its own.</summary>
    public int TokensPerBatch { get; init; } = 1024;

    /// <summary>Forward passes a step, 1 to 1024.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>The longest row, in tokens, 2 to 65,536.</summary>
    public int MaxRowTokens { get; init; } = 2048;

    /// <summary>Whether longer rows are left out; otherwise they end the run, named.</summary>
    public bool SkipLongRows { get; init; }

    /// <summary>Order of rows, first weights and dropout come from this.</summary>
    public ulong Seed { get; init; }
}
