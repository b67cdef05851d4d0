using O1Coder.Learning.Training;

namespace O1Coder.Trainer;

/// <summary>Says what the library says in messages of the .proto.</summary>
internal static class JobMessages
{
    /// <summary>A job with every default filled in; reading it again gives the same specification.</summary>
    public static V1.TrainingJob Job(string id, TrainingSpec spec) => new()
    {
        JobId = id,
        Method = spec.Method switch
        {
            TrainingMethod.Sft => V1.TrainingMethod.Sft,
            TrainingMethod.Dpo => V1.TrainingMethod.Dpo,
            TrainingMethod.PrmHard => V1.TrainingMethod.PrmHard,
            TrainingMethod.PrmSoft => V1.TrainingMethod.PrmSoft,
            _ => V1.TrainingMethod.PrmPairs,
        },
        DataPath = spec.DataPath,
        OutputFolder = spec.OutputFolder,
        StartAdapter = spec.StartAdapter,
        Lora = Lora(spec),
        Optimizer = Optimizer(spec.Optimizer),
        Dpo = new V1.DpoOptions
        {
            Beta = spec.Dpo.Beta,
            Loss = spec.Dpo.Loss switch
            {
                PreferenceLossKind.Ipo => V1.PreferenceLoss.Ipo,
                PreferenceLossKind.Hinge => V1.PreferenceLoss.Hinge,
                _ => V1.PreferenceLoss.Sigmoid,
            },
            LabelSmoothing = spec.Dpo.LabelSmoothing,
        },
        Prm = new V1.PrmOptions { Tag = spec.Prm.Tag, Positive = spec.Prm.Positive, Negative = spec.Prm.Negative },
        BasePrecision = spec.BasePrecision == BasePrecision.Float32 ? V1.BasePrecision.Float32 : V1.BasePrecision.Bfloat16,
        GradientCheckpointing = spec.GradientCheckpointing,
        CheckpointEvery = spec.CheckpointEvery,
    };

    /// <summary>A step.</summary>
    public static V1.TrainingStep Step(TrainingStep step) => new()
    {
        Step = step.Step,
        Steps = step.Steps,
        Epoch = step.Epoch,
        Loss = step.Loss,
        GradientNorm = step.GradientNorm,
        LearningRate = step.LearningRate,
        TokensPerSecond = step.TokensPerSecond,
        Seconds = step.Seconds,
        SecondsLeft = step.SecondsLeft,
        Accuracy = step.Accuracy,
    };

    /// <summary>A job that is done.</summary>
    public static V1.JobEnded Done(TrainingOutcome outcome) => new()
    {
        State = V1.JobState.Done,
        AdapterFolder = outcome.AdapterFolder,
        AdapterVersion = outcome.AdapterVersion,
        EpochLosses = { outcome.EpochLosses },
        Rows = outcome.Rows,
        SkippedRows = outcome.SkippedRows,
        Tokens = outcome.Tokens,
        Seconds = outcome.Seconds,
    };

    /// <summary>A job that has failed.</summary>
    public static V1.JobEnded Failed(V1.JobFailure failure, string message, string lastCheckpoint = "") => new()
    {
        State = V1.JobState.Failed,
        Failure = failure,
        Message = message.ReplaceLineEndings(" "),
        AdapterFolder = lastCheckpoint,
    };

    /// <summary>Why a run has failed.</summary>
    public static V1.JobFailure Failure(TrainingFailure failure) => failure switch
    {
        TrainingFailure.NotFinite => V1.JobFailure.NotFinite,
        TrainingFailure.ExplodingGradient => V1.JobFailure.ExplodingGradient,
        TrainingFailure.Storage => V1.JobFailure.Storage,
        TrainingFailure.Memory => V1.JobFailure.Memory,
        TrainingFailure.Input => V1.JobFailure.Input,
        _ => V1.JobFailure.Internal,
    };

    private static V1.LoraOptions Lora(TrainingSpec spec)
    {
        // A start adapter has a shape of its own.
        var own = spec.StartAdapter.Length == 0;
        var lora = new V1.LoraOptions { Dropout = spec.Lora.Dropout };
        if (own)
        {
            lora.Rank = spec.Lora.Rank;
            lora.Alpha = spec.Lora.Alpha;
            lora.Targets.AddRange(spec.Lora.Targets);
        }

        return lora;
    }

    private static V1.OptimizerOptions Optimizer(OptimizerSpec optimizer) => new()
    {
        LearningRate = optimizer.LearningRate,
        Schedule = optimizer.Schedule == LearningRateSchedule.Cosine ? V1.LearningRateSchedule.Cosine : V1.LearningRateSchedule.Constant,
        WarmupSteps = optimizer.WarmupSteps,
        WeightDecay = optimizer.WeightDecay,
        MaxGradientNorm = optimizer.MaxGradientNorm,
        ExplodingGradientNorm = optimizer.ExplodingGradientNorm,
        Epochs = optimizer.Epochs,
        MaxSteps = optimizer.MaxSteps,
        TokensPerBatch = optimizer.TokensPerBatch,
        Accumulation = optimizer.Accumulation,
        MaxRowTokens = optimizer.MaxRowTokens,
        SkipLongRows = optimizer.SkipLongRows,
        Seed = optimizer.Seed,
    };
}
