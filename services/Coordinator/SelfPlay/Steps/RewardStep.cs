using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>⑤ Scores each new path: φ of its outcome and of the process reward model's view of its steps.</summary>
internal sealed class RewardStep(int iteration) : IPlayStep
{
    /// <inheritdoc/>
    public string Name => $"rewards-{iteration}";

    /// <inheritdoc/>
    public string Title => "Rewards of the new paths";

    /// <inheritdoc/>
    public int Part => 5;

    /// <inheritdoc/>
    public int Iteration => iteration;

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) =>
        [PlayFolder.Problems, PlaySteps.NewPaths(iteration), .. AdaptersInUse.FilesOf(adapters.Prm)];

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var settings = context.Plan.Settings;
        var options = PlayRewards.OptionsOf(settings);
        var pipeline = new RewardPipeline(options);
        var alpha = options.Schedule.At(iteration);
        var problems = context.Plan.Problems.ToDictionary(problem => problem.Id, StringComparer.Ordinal);

        // Equal answers have equal rewards and can be no pair.
        var groups = JsonFiles.ReadLines<PathRow>(context.Folder.At(PlaySteps.NewPaths(iteration)))
            .GroupBy(row => row.Problem, StringComparer.Ordinal)
            .Select(group => (Problem: group.Key, Rows: group.DistinctBy(row => row.Completion, StringComparer.Ordinal).ToList()))
            .ToList();
        var items = await context.ForEachAsync(
            groups, group => group.Problem, "problem", context.Plan.Limits.Concurrency,
            async (group, _, token) =>
            {
                var scores = await StepScoring.RunAsync(context, problems[group.Problem], group.Rows, context.Adapters.Prm, AdaptersInUse.PrmRole, token);
                var evidence = await PathEvidence.OfAsync(context.Services.Sandbox, options, problems[group.Problem], group.Rows, token);
                return group.Rows.Zip(evidence.Zip(scores), (row, known) =>
                    Rewarded(row, pipeline.Evaluate(known.First with { Process = known.Second }, iteration), known.Second, alpha)).ToList();
            },
            cancellationToken);
        var rows = items.SelectMany(item => item.Result).ToList();
        JsonFiles.WriteLines(context.Folder.ForWriting(PlaySteps.Rewards(iteration)), rows);
        return new StepResult
        {
            Outputs = [PlaySteps.Rewards(iteration)],
            Settings = new Dictionary<string, string>
            {
                ["alpha"] = Text.Number(alpha),
                ["gamma"] = Text.Number(settings.Gamma),
                ["schedule"] = settings.RewardSchedule.ToString(),
                ["rewards"] = settings.Rewards.Length == 0 ? "tests and steps" : settings.Rewards,
                ["process reward model"] = context.Adapters.Prm.Length == 0 ? "zero-shot" : context.Adapters.Prm,
            },
            Summary = rows.Count == 0
                ? "no new path"
                : $"{rows.Count} different paths, mean phi {Text.Number(rows.Average(row => row.Phi))}, mean outcome {Text.Number(rows.Average(row => row.Outcome))}, alpha {Text.Number(alpha)}, {rows.Count(row => row.Overfit)} pass the visible tests and fail hidden ones",
        };
    }

    // The options give every path a reward: its tests have a weight, or R = 0 says that nothing was to be gained.
    private static RewardRow Rewarded(PathRow row, RewardReport report, IReadOnlyList<double> process, double alpha) =>
        new(row.Id, row.Problem, report.Outcome ?? 0, process, alpha, report.Total ?? 0) { Parts = report.Parts, Overfit = report.IsOverfit };
}
