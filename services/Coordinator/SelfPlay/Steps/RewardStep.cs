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
        var alpha = AlphaSchedule.At(settings.RewardSchedule, iteration, settings.Iterations);
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
                return group.Rows.Zip(scores, (row, process) => new RewardRow(
                    row.Id, row.Problem, row.Reward, process, alpha, AggregatedReward.Phi(row.Reward, process, alpha, settings.Gamma))).ToList();
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
                ["process reward model"] = context.Adapters.Prm.Length == 0 ? "zero-shot" : context.Adapters.Prm,
            },
            Summary = rows.Count == 0
                ? "no new path"
                : $"{rows.Count} different paths, mean phi {Text.Number(rows.Average(row => row.Phi))}, mean outcome {Text.Number(rows.Average(row => row.Outcome))}, alpha {Text.Number(alpha)}",
        };
    }
}
