using System.Text.Json.Serialization;
using O1Coder.Cli.Display;

namespace O1Coder.Cli.Evaluation;

/// <summary>What <c>evaluate --json</c> prints. Every field is always there; null says that there is no such thing.</summary>
/// <param name="Outcome">done, cancelled or error.</param>
/// <param name="Error">What failed; null unless the outcome is error.</param>
/// <param name="Source">The data set as the user named it.</param>
/// <param name="Problems">How many problems.</param>
/// <param name="Strategy">greedy, sample or mcts.</param>
/// <param name="Samples">Samples a problem.</param>
/// <param name="Temperature">The sampling temperature; null for the default.</param>
/// <param name="Rollouts">Rollouts of one search; null unless the strategy is mcts.</param>
/// <param name="Tests">all, none or a number.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Arms">What was evaluated, one or two.</param>
/// <param name="Comparison">First arm less second; null unless there are two that have ended.</param>
/// <param name="Out">The results' file; null for none.</param>
internal sealed record EvaluationResult(
    string Outcome, string? Error, string? Source, int? Problems, string? Strategy, int? Samples, double? Temperature,
    int? Rollouts, string? Tests, ulong? Seed, IReadOnlyList<EvaluationResult.Arm> Arms, EvaluationResult.Difference? Comparison, string? Out)
{
    /// <summary>One arm.</summary>
    /// <param name="Name">base, or the adapter as the user named it.</param>
    /// <param name="Model">The model's name.</param>
    /// <param name="AdapterVersion">The adapter's version.</param>
    /// <param name="Evaluation">The evaluation's name.</param>
    /// <param name="Folder">Its folder on the coordinator's machine.</param>
    /// <param name="SamplesDone">Samples that were judged.</param>
    /// <param name="Metrics">The metrics; empty where it did not end.</param>
    /// <param name="Verdicts">Samples by verdict.</param>
    /// <param name="Tokens">Tokens generated.</param>
    /// <param name="Seconds">Seconds of work.</param>
    internal sealed record Arm(
        string Name, string? Model, string? AdapterVersion, string? Evaluation, string? Folder, int SamplesDone,
        IReadOnlyDictionary<string, Metric> Metrics, IReadOnlyDictionary<string, int> Verdicts, long Tokens, double Seconds);

    /// <summary>A metric.</summary>
    /// <param name="Value">Its value.</param>
    /// <param name="Low">The lower end of its 95 % interval.</param>
    /// <param name="High">The upper end.</param>
    /// <param name="Problems">How many problems it rests on.</param>
    internal sealed record Metric(double? Value, double? Low, double? High, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Problems = null);

    /// <summary>A comparison.</summary>
    /// <param name="Problems">How many problems.</param>
    /// <param name="Won">Problems of which the first arm passes a larger share of its samples.</param>
    /// <param name="Lost">Problems of which the second does.</param>
    /// <param name="Tied">The others.</param>
    /// <param name="Differences">First less second, paired by problem.</param>
    internal sealed record Difference(int Problems, int Won, int Lost, int Tied, IReadOnlyDictionary<string, Metric> Differences);

    /// <summary>The result of an evaluation, however it ended.</summary>
    public static EvaluationResult Of(EvaluationView view, Ending ending)
    {
        var request = view.Job.Request;
        var mcts = request.Options.Strategy == V1.Strategy.Mcts;
        return new EvaluationResult(
            ending.Outcome, ending.Error, view.Job.Source, request.Problems.Count, Words.Name(request.Options.Strategy), request.Samples,
            request.Options.HasTemperature ? Math.Round(request.Options.Temperature, 6) : null, mcts ? request.Budget.Rollouts : null,
            EvaluationWords.Tests(request), request.Options.Seed, [.. view.Arms.Select(Of)],
            view.Comparison is { } comparison
                ? new Difference(
                    comparison.Problems, comparison.Won, comparison.Lost, comparison.Tied,
                    comparison.Differences.ToDictionary(one => one.Key, one => new Metric(Number(one.Value.Estimate), Number(one.Value.Low), Number(one.Value.High))))
                : null,
            ending.ExitCode == ExitCodes.Solved ? view.Job.Out : null);
    }

    /// <summary>The result of a command line that could not be used.</summary>
    public static EvaluationResult Refused(string error) => new(
        "error", error, null, null, null, null, null, null, null, null, [], null, null);

    private static Arm Of(ArmView arm) => new(
        arm.Name, NullIfEmpty(arm.Started?.Model?.ModelId), NullIfEmpty(arm.Started?.Model?.AdapterVersion),
        arm.Started?.EvaluationId, arm.Started?.Folder, arm.Samples.Count,
        (arm.Finished?.Metrics ?? []).ToDictionary(
            one => one.Name, one => new Metric(Number(one.Value), Number(one.Low), Number(one.High), one.Problems)),
        arm.Samples.GroupBy(sample => sample.Verdict).OrderBy(group => group.Key)
            .ToDictionary(group => Words.Name(group.Key), group => group.Count()),
        arm.Finished?.GeneratedTokens ?? arm.Progress.GeneratedTokens, Math.Round(arm.Finished?.Seconds ?? 0, 3));

    // JSON has no NaN.
    private static double? Number(double number) => double.IsFinite(number) ? Math.Round(number, 6) : null;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
