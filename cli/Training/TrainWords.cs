using System.Globalization;
using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.Training;

/// <summary>What people read of a job.</summary>
internal static class TrainWords
{
    /// <summary>A step in one line.</summary>
    public static string Describe(TrainingStep step)
    {
        var accuracy = step.Accuracy > 0 ? $", accuracy {Words.Number(step.Accuracy * 100, 1)} %" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"step {step.Step}/{step.Steps}, epoch {step.Epoch}, loss {step.Loss:0.####}, gradient norm {step.GradientNorm:0.###}{accuracy}, "
            + $"{step.TokensPerSecond:0} tokens/s, {Words.Time(step.SecondsLeft)} left");
    }

    /// <summary>What a finished job has left, a line each.</summary>
    public static IEnumerable<string> Done(JobEnded ended)
    {
        var losses = string.Join(" → ", ended.EpochLosses.Select(loss => loss.ToString("0.####", CultureInfo.InvariantCulture)));
        yield return $"Done: adapter {TerminalText.OneLine(ended.AdapterVersion)} in {TerminalText.OneLine(ended.AdapterFolder)}";
        yield return $"loss an epoch {losses}; {Words.Count(ended.Rows, "row")}"
            + (ended.SkippedRows > 0 ? $" ({Words.Count(ended.SkippedRows)} too long, left out)" : "")
            + $", {Words.Count(ended.Tokens, "token")}, {Words.Time(ended.Seconds)}, {Words.Number(ended.PeakMemoryBytes / 1e9, 1)} GB at most";
    }

    /// <summary>What a job that was stopped has left.</summary>
    public static string Stopped(TrainView view) => view.Step is { } step
        ? $"stopped after step {step.Step} of {step.Steps}; the same command goes on from the last checkpoint"
        : "stopped before the first step; the same command starts again";
}
