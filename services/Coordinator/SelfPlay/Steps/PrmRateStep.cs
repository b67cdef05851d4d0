using O1Coder.Problems.Metrics;

namespace O1Coder.Coordinator;

/// <summary>
/// ④ How well the process reward model tells good steps from bad ones on held-out problems, with the new adapter and
/// with what is in use; a step is good where v ≥ 0.5. The new one is kept only if it can be measured and is not worse:
/// by AUC, where that is not defined by accuracy.
/// </summary>
internal sealed class PrmRateStep(int iteration) : IPlayStep
{
    private const int Resamples = 2000;
    private const double Good = 0.5;

    /// <inheritdoc/>
    public string Name => $"prm-{iteration}-gate";

    /// <inheritdoc/>
    public string Title => "Process reward model on held-out problems";

    /// <inheritdoc/>
    public int Part => 4;

    /// <inheritdoc/>
    public int Iteration => iteration;

    private string Candidate => $"adapters/prm-{iteration}";

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) =>
        [PrmDataStep.HeldOutOfRun(iteration), .. AdaptersInUse.FilesOf(adapters.Prm), .. AdaptersInUse.FilesOf(Candidate)];

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var rows = JsonFiles.ReadLines<PathRow>(context.Folder.At(PrmDataStep.HeldOutOfRun(iteration)))
            .GroupBy(row => row.Problem, StringComparer.Ordinal).ToList();
        if (rows.Count == 0)
        {
            return new StepResult { Summary = "no held-out path: the model cannot be measured, a new adapter is kept aside" };
        }

        var problems = context.Plan.Problems.ToDictionary(problem => problem.Id, StringComparer.Ordinal);
        var before = await RateAsync("old", context.Adapters.Prm, AdaptersInUse.PrmRole);
        var metrics = MetricsOf(context.Adapters.Prm.Length == 0 ? "zero-shot" : "before", before, context.Plan.Settings.Seed);
        if (!context.HasAdapter(Candidate))
        {
            return new StepResult { Metrics = metrics, Summary = "there is no new adapter: the process reward model stays" };
        }

        var after = await RateAsync("new", Candidate, AdaptersInUse.CandidateOf(AdaptersInUse.PrmRole));
        var (name, old, now) = double.IsNaN(Auc(before)) || double.IsNaN(Auc(after))
            ? ("accuracy", Accuracy(before), Accuracy(after))
            : ("AUC", Auc(before), Auc(after));
        var kept = now >= old;
        return new StepResult
        {
            Metrics = [.. metrics, .. MetricsOf("trained", after, context.Plan.Settings.Seed)],
            Keeps = kept ? new Dictionary<string, string> { [AdaptersInUse.PrmRole] = Candidate } : [],
            Settings = new Dictionary<string, string> { ["old"] = context.Adapters.Prm, ["new"] = Candidate, ["good from"] = Text.Number(Good) },
            Summary = $"{(kept ? "kept" : "kept aside, it is worse")}: {name} {Text.Number(old)} → {Text.Number(now)} on {before.Sum(one => one.Scores.Count)} steps of {rows.Count} problems",
        };

        async Task<IReadOnlyList<ScoredSteps>> RateAsync(string tag, string adapter, string name)
        {
            var items = await context.ForEachAsync(
                rows, group => $"{tag}-{group.Key}", "problem", context.Plan.Limits.Concurrency,
                async (group, _, token) =>
                {
                    var scores = await StepScoring.RunAsync(context, problems[group.Key], [.. group], adapter, name, token);
                    return EachOnce([.. group], scores);
                },
                cancellationToken);
            return [.. items.Select(item => item.Result)];
        }
    }

    /// <summary>Scores and labels of the steps of some paths; one that several paths of a search share counts once.</summary>
    public static ScoredSteps EachOnce(IReadOnlyList<PathRow> rows, IReadOnlyList<IReadOnlyList<double>> scores)
    {
        var steps = rows.Zip(scores)
            .SelectMany(path => path.First.Steps.Zip(path.Second, (step, score) => (path.First.SearchId, step.Node, step.Value, Score: score)))
            .DistinctBy(step => (step.SearchId, step.Node)).ToList();
        return new ScoredSteps([.. steps.Select(step => step.Score)], [.. steps.Select(step => step.Value >= Good)]);
    }

    private static List<StepMetric> MetricsOf(string who, IReadOnlyList<ScoredSteps> scored, ulong seed)
    {
        (string Name, Func<IReadOnlyList<ScoredSteps>, double> Of)[] all =
        [
            ("AUC", Auc), ("accuracy", Accuracy), ("calibration error", Calibration),
        ];
        return [.. all.Select(one => (one.Name, Interval: Bootstrap.Of(scored, one.Of, seed, Resamples)))
            .Select(one => new StepMetric($"prm {one.Name}, {who}", one.Interval.Estimate, one.Interval.Low, one.Interval.High, scored.Count))];
    }

    private static double Auc(IReadOnlyList<ScoredSteps> scored) => BinaryMetrics.Auc(Scores(scored), Labels(scored));

    private static double Accuracy(IReadOnlyList<ScoredSteps> scored) => BinaryMetrics.Accuracy(Scores(scored), Labels(scored));

    private static double Calibration(IReadOnlyList<ScoredSteps> scored) => BinaryMetrics.ExpectedCalibrationError(Scores(scored), Labels(scored));

    private static List<double> Scores(IReadOnlyList<ScoredSteps> scored) => [.. scored.SelectMany(one => one.Scores)];

    private static List<bool> Labels(IReadOnlyList<ScoredSteps> scored) => [.. scored.SelectMany(one => one.Labels)];
}
