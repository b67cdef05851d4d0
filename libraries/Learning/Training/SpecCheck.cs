using System.Globalization;
using O1Coder.Models;

namespace O1Coder.Learning.Training;

/// <summary>The rules of a <see cref="TrainingSpec"/>'s fields, named as in the .proto file.</summary>
internal static class SpecCheck
{
    /// <summary>The first rule that is broken, in one line; null where none is.</summary>
    public static string? Find(TrainingSpec spec) => Own(spec) ?? Lora(spec.Lora) ?? Optimizer(spec.Optimizer) ?? Dpo(spec.Dpo) ?? Prm(spec.Prm);

    private static string? Own(TrainingSpec spec) =>
        Known("method", spec.Method)
        ?? (spec.DataPath.Length == 0 ? "data_path is empty: expected a file" : null)
        ?? (spec.OutputFolder.Length == 0 ? "output_folder is empty: expected a folder" : null)
        ?? Known("base_precision", spec.BasePrecision)
        ?? Between("checkpoint_every", spec.CheckpointEvery, 1, 100_000);

    private static string? Lora(LoraSpec lora)
    {
        if (lora.Targets.Count == 0 || lora.Targets.Distinct(StringComparer.Ordinal).Count() != lora.Targets.Count
            || lora.Targets.Any(target => !LoraSpec.AllTargets.Contains(target, StringComparer.Ordinal)))
        {
            return $"lora.targets is [{string.Join(", ", lora.Targets)}]: expected some of {string.Join(", ", ProjectionNames.All)}, each once";
        }

        return Between("lora.rank", lora.Rank, 1, LoraAdapter.MostRank)
            ?? (lora.Alpha is > 0 and <= 1024 ? null : Wrong("lora.alpha", lora.Alpha, "above 0, at most 1024"))
            ?? (lora.Dropout is >= 0 and < 1 ? null : Wrong("lora.dropout", lora.Dropout, "from 0 to below 1"));
    }

    private static string? Optimizer(OptimizerSpec optimizer) =>
        (optimizer.LearningRate is > 0 and <= 1 ? null : Wrong("optimizer.learning_rate", optimizer.LearningRate, "above 0, at most 1"))
        ?? Known("optimizer.schedule", optimizer.Schedule)
        ?? Between("optimizer.warmup_steps", optimizer.WarmupSteps, 0, int.MaxValue)
        ?? (optimizer.WeightDecay is >= 0 and <= 1 ? null : Wrong("optimizer.weight_decay", optimizer.WeightDecay, "from 0 to 1"))
        ?? Positive("optimizer.max_gradient_norm", optimizer.MaxGradientNorm)
        ?? Positive("optimizer.exploding_gradient_norm", optimizer.ExplodingGradientNorm)
        ?? Between("optimizer.epochs", optimizer.Epochs, 1, 1000)
        ?? Between("optimizer.max_steps", optimizer.MaxSteps, 0, int.MaxValue)
        ?? Between("optimizer.tokens_per_batch", optimizer.TokensPerBatch, 64, 65_536)
        ?? Between("optimizer.accumulation", optimizer.Accumulation, 1, 1024)
        ?? Between("optimizer.max_row_tokens", optimizer.MaxRowTokens, 2, 65_536);

    private static string? Dpo(DpoSpec dpo) =>
        (dpo.Beta is > 0 and <= 10 ? null : Wrong("dpo.beta", dpo.Beta, "above 0, at most 10"))
        ?? Known("dpo.loss", dpo.Loss)
        ?? (dpo.LabelSmoothing is >= 0 and < 0.5 ? null : Wrong("dpo.label_smoothing", dpo.LabelSmoothing, "from 0 to below 0.5"));

    private static string? Prm(PrmSpec prm) =>
        (prm.Tag.Length > 0 ? null : "prm.tag is empty: expected a text")
        ?? (prm.Positive.Length > 0 ? null : "prm.positive is empty: expected a label of one token")
        ?? (prm.Negative.Length > 0 ? null : "prm.negative is empty: expected a label of one token")
        ?? (prm.Positive != prm.Negative ? null : $"prm.negative is '{prm.Negative}': expected another label than prm.positive");

    private static string? Known<T>(string field, T value)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? null : $"{field} is {value}: expected one of {string.Join(", ", Enum.GetNames<T>())}";

    private static string? Between(string field, int value, int least, int most)
    {
        var expected = most == int.MaxValue ? $"at least {least}" : string.Create(CultureInfo.InvariantCulture, $"from {least} to {most}");
        return value < least || value > most ? Wrong(field, value, expected) : null;
    }

    private static string? Positive(string field, double value) =>
        value > 0 && double.IsFinite(value) ? null : Wrong(field, value, "a number above 0");

    private static string Wrong(string field, double value, string expected) =>
        string.Create(CultureInfo.InvariantCulture, $"{field} is {value}: expected {expected}");
}
