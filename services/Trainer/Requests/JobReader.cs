using Grpc.Core;
using O1Coder.Learning.Training;
using O1Coder.ServiceDefaults;

namespace O1Coder.Trainer;

/// <summary>Reads a job of the .proto: fills defaults in and refuses what cannot be.</summary>
internal static class JobReader
{
    private const int LongestId = 128;

    /// <summary>Whether a text may be a job's name: letters, digits, '.', '-', '_', and no name of a folder with a meaning.</summary>
    public static bool IsId(string id) => id.Length is >= 1 and <= LongestId && id.Trim('.').Length > 0 &&
        id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    /// <summary>Reads a job without touching a file.</summary>
    /// <exception cref="RpcException">InvalidArgument: a field is not what it must be; the message names it.</exception>
    public static TrainingSpec Read(V1.TrainingJob job)
    {
        InvalidArgument.ThrowUnless(
            job.JobId.Length == 0 || IsId(job.JobId), "job.job_id", job.JobId, $"1 to {LongestId} letters, digits, '.', '-' or '_'");
        RequirePath("job.data_path", job.DataPath);
        RequirePath("job.output_folder", job.OutputFolder);
        if (job.StartAdapter.Length > 0)
        {
            RequirePath("job.start_adapter", job.StartAdapter);
            InvalidArgument.ThrowUnless(
                job.Lora is not { } lora || (lora.Rank == 0 && lora.Alpha == 0 && lora.Targets.Count == 0),
                "job.lora", "given", "no rank, alpha or targets beside start_adapter, whose own they are");
        }

        var spec = new TrainingSpec
        {
            Method = Method(job.Method),
            DataPath = Path.GetFullPath(job.DataPath),
            OutputFolder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(job.OutputFolder)),
            StartAdapter = job.StartAdapter.Length > 0 ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(job.StartAdapter)) : "",
            Lora = Lora(job.Lora ?? new V1.LoraOptions()),
            Optimizer = Optimizer(job.Optimizer ?? new V1.OptimizerOptions(), job.Method),
            Dpo = Dpo(job.Dpo ?? new V1.DpoOptions()),
            Prm = Prm(job.Prm ?? new V1.PrmOptions()),
            BasePrecision = job.BasePrecision switch
            {
                V1.BasePrecision.Float32 => BasePrecision.Float32,
                V1.BasePrecision.Unspecified or V1.BasePrecision.Bfloat16 => BasePrecision.BFloat16,
                _ => Unknown<BasePrecision>("job.base_precision", job.BasePrecision, "FLOAT32 or BFLOAT16"),
            },
            GradientCheckpointing = job.GradientCheckpointing,
            CheckpointEvery = Given(job.CheckpointEvery, 10),
        };
        InvalidArgument.ThrowUnless(
            spec.Dpo.LabelSmoothing == 0 || spec.Dpo.Loss == PreferenceLossKind.Sigmoid,
            "job.dpo.label_smoothing", spec.Dpo.LabelSmoothing, "0 for losses other than sigmoid");
        return TrainingRun.Check(spec) is { } broken
            ? throw new RpcException(new Status(StatusCode.InvalidArgument, $"job.{broken}"))
            : spec;
    }

    private static TrainingMethod Method(V1.TrainingMethod method) => method switch
    {
        V1.TrainingMethod.Sft => TrainingMethod.Sft,
        V1.TrainingMethod.Dpo => TrainingMethod.Dpo,
        V1.TrainingMethod.PrmHard => TrainingMethod.PrmHard,
        V1.TrainingMethod.PrmSoft => TrainingMethod.PrmSoft,
        V1.TrainingMethod.PrmPairs => TrainingMethod.PrmPairs,
        _ => Unknown<TrainingMethod>("job.method", method, "SFT, DPO, PRM_HARD, PRM_SOFT or PRM_PAIRS"),
    };

    private static LoraSpec Lora(V1.LoraOptions lora)
    {
        var rank = Given(lora.Rank, 8);
        return new LoraSpec
        {
            Rank = rank,
            Alpha = Given(lora.Alpha, 2.0 * rank),
            Dropout = lora.Dropout,
            Targets = lora.Targets.Count > 0 ? [.. lora.Targets] : LoraSpec.AllTargets,
        };
    }

    private static OptimizerSpec Optimizer(V1.OptimizerOptions optimizer, V1.TrainingMethod method) => new()
    {
        LearningRate = Given(optimizer.LearningRate, method == V1.TrainingMethod.Dpo ? 2e-5 : 1e-4),
        Schedule = optimizer.Schedule switch
        {
            V1.LearningRateSchedule.Unspecified or V1.LearningRateSchedule.Constant => LearningRateSchedule.Constant,
            V1.LearningRateSchedule.Cosine => LearningRateSchedule.Cosine,
            _ => Unknown<LearningRateSchedule>("job.optimizer.schedule", optimizer.Schedule, "CONSTANT or COSINE"),
        },
        WarmupSteps = optimizer.WarmupSteps,
        WeightDecay = optimizer.HasWeightDecay ? optimizer.WeightDecay : 0.01,
        MaxGradientNorm = Given(optimizer.MaxGradientNorm, 1),
        ExplodingGradientNorm = Given(optimizer.ExplodingGradientNorm, 1000),
        Epochs = Given(optimizer.Epochs, 1),
        MaxSteps = optimizer.MaxSteps,
        TokensPerBatch = Given(optimizer.TokensPerBatch, 1024),
        Accumulation = Given(optimizer.Accumulation, 1),
        MaxRowTokens = Given(optimizer.MaxRowTokens, 2048),
        SkipLongRows = optimizer.SkipLongRows,
        Seed = optimizer.Seed,
    };

    private static DpoSpec Dpo(V1.DpoOptions dpo) => new()
    {
        Beta = Given(dpo.Beta, 0.1),
        Loss = dpo.Loss switch
        {
            V1.PreferenceLoss.Unspecified or V1.PreferenceLoss.Sigmoid => PreferenceLossKind.Sigmoid,
            V1.PreferenceLoss.Ipo => PreferenceLossKind.Ipo,
            V1.PreferenceLoss.Hinge => PreferenceLossKind.Hinge,
            _ => Unknown<PreferenceLossKind>("job.dpo.loss", dpo.Loss, "SIGMOID, IPO or HINGE"),
        },
        LabelSmoothing = dpo.LabelSmoothing,
    };

    private static PrmSpec Prm(V1.PrmOptions prm)
    {
        var defaults = new PrmSpec();
        return new PrmSpec
        {
            Tag = prm.Tag.Length > 0 ? prm.Tag : defaults.Tag,
            Positive = prm.Positive.Length > 0 ? prm.Positive : defaults.Positive,
            Negative = prm.Negative.Length > 0 ? prm.Negative : defaults.Negative,
        };
    }

    private static void RequirePath(string field, string path) =>
        InvalidArgument.ThrowUnless(Path.IsPathFullyQualified(path) && !path.Contains('\0'), field, path, "an absolute path");

    private static int Given(int value, int absent) => value == 0 ? absent : value;

    private static double Given(double value, double absent) => value == 0 ? absent : value;

    private static T Unknown<T>(string field, object value, string expected)
    {
        InvalidArgument.Throw(field, value, expected);
        return default;
    }
}
