using System.Globalization;
using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.Evaluation;

/// <summary>What an evaluation is called on the screen.</summary>
internal static class EvaluationWords
{
    /// <summary>all, none or a number.</summary>
    public static string Tests(EvaluateRequest request) => request.Tests switch
    {
        TestsShown.None => "none",
        TestsShown.First => request.ShownTests.ToString(CultureInfo.InvariantCulture),
        _ => "all",
    };

    /// <summary>One line on what is evaluated.</summary>
    public static string Title(EvaluateJob job)
    {
        var request = job.Request;
        var samples = request.Options.Strategy == Strategy.Greedy ? "" : $" × {Words.Count(request.Samples, request.Options.Strategy == Strategy.Mcts ? "search" : "sample")}";
        if (request.Options.Strategy == Strategy.Mcts && request.Samples != 1)
        {
            samples = $" × {Words.Count(request.Samples)} searches";
        }

        var budget = request.Options.Strategy == Strategy.Mcts ? $" of {Words.Count(request.Budget.Rollouts, "rollout")}" : "";
        var shown = request.Tests switch
        {
            TestsShown.None => "no test shown",
            TestsShown.First => $"the first {Words.Count(request.ShownTests, "test")} shown",
            _ => "visible tests shown",
        };
        return $"{TerminalText.OneLine(job.Source)}: {Words.Count(request.Problems.Count, "problem")}{samples}{budget}, "
            + $"{Words.Name(request.Options.Strategy)}, {shown}, seed {request.Options.Seed}";
    }

    /// <summary>The model and its adapter.</summary>
    public static string Weights(ModelIdentity? model) => model is null ? "" : model.AdapterVersion.Length == 0
        ? TerminalText.OneLine(model.ModelId)
        : $"{TerminalText.OneLine(model.ModelId)} with adapter {TerminalText.OneLine(model.AdapterVersion)}";

    /// <summary>One line on where an arm stands.</summary>
    public static string Standing(ArmView arm)
    {
        var progress = arm.Progress;
        var left = progress.SecondsLeft > 0 && progress.Done < progress.Total ? $", about {Words.Time(progress.SecondsLeft)} left" : "";
        var activity = progress.Activity.Length > 0 ? $", {TerminalText.OneLine(progress.Activity)}" : "";
        return $"{Words.Count(progress.Done)}/{Words.Count(progress.Total)} samples, {Words.Count(progress.Solved)} of "
            + $"{Words.Count(arm.Problems.Length, "problem")} solved, {Words.Count(progress.GeneratedTokens, "token")}{activity}{left}";
    }

    /// <summary>A metric's value: shares in per cent, amounts as they are.</summary>
    public static string Value(string metric, double value, bool signed = false)
    {
        if (!double.IsFinite(value))
        {
            return "–";
        }

        var sign = signed && value > 0 ? "+" : "";
        return IsAmount(metric) ? sign + Words.Number(value, 1) : $"{sign}{Words.Number(value * 100, 1)} %";
    }

    /// <summary>An interval: [22.5, 52.5].</summary>
    public static string Interval(string metric, double low, double high)
    {
        var scale = IsAmount(metric) ? 1 : 100;
        return $"[{Number(low)}, {Number(high)}]";

        string Number(double value) => double.IsFinite(value) ? Words.Number(value * scale, 1) : "–";
    }

    /// <summary>How many samples came to which verdict.</summary>
    public static string Verdicts(EvaluationFinished finished) => string.Join(
        ", ", finished.Verdicts.Select(one => $"{Words.Count(one.Samples)} {(one.Verdict == Verdict.Unspecified ? "no program" : Words.Describe(one.Verdict))}"));

    /// <summary>How the problems compare.</summary>
    public static string Score(EvaluationView view, Comparison comparison) =>
        $"{TerminalText.OneLine(view.Arms[0].Name)} against {TerminalText.OneLine(view.Arms[1].Name)}: {Words.Count(comparison.Won)} won, {Words.Count(comparison.Lost)} lost, "
        + $"{Words.Count(comparison.Tied)} tied of {Words.Count(comparison.Problems, "problem")} (share of samples that pass)";

    private static bool IsAmount(string metric) => metric.EndsWith(" per sample", StringComparison.Ordinal);
}
