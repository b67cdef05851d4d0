using O1Coder.Problems.Training;

namespace O1Coder.Coordinator;

/// <summary>⑤ Preferences between paths of one problem after the same prompt: the larger φ is the better answer.</summary>
internal sealed class PreferenceStep(int iteration) : IPlayStep
{
    /// <inheritdoc/>
    public string Name => $"policy-dpo-{iteration}-data";

    /// <inheritdoc/>
    public string Title => "Policy: better and worse paths";

    /// <inheritdoc/>
    public int Part => 5;

    /// <inheritdoc/>
    public int Iteration => iteration;

    /// <summary>Where they go.</summary>
    public static string OutputOf(int iteration) => $"data/policy-dpo-{iteration}.jsonl";

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) => [PlaySteps.NewPaths(iteration), PlaySteps.Rewards(iteration)];

    /// <inheritdoc/>
    public Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var limits = context.Plan.Limits;
        var phi = JsonFiles.ReadLines<RewardRow>(context.Folder.At(PlaySteps.Rewards(iteration))).ToDictionary(row => row.Id, row => row.Phi, StringComparer.Ordinal);
        var rows = JsonFiles.ReadLines<PathRow>(context.Folder.At(PlaySteps.NewPaths(iteration))).Where(row => phi.ContainsKey(row.Id));
        var groups = Select(rows, row => phi[row.Id], limits.Margin, limits.PairsPerProblem);
        var written = TrainingFile.Write(context.Folder.ForWriting(OutputOf(iteration)), RoundRobin.Take(groups, limits.PreferenceRows));
        return Task.FromResult(new StepResult
        {
            Outputs = [OutputOf(iteration)],
            Settings = new Dictionary<string, string> { ["margin"] = Text.Number(limits.Margin), ["pairs per problem"] = $"{limits.PairsPerProblem}", ["rows at most"] = $"{limits.PreferenceRows}" },
            Summary = $"{written} pairs of {groups.Count} problems",
        });
    }

    /// <summary>The pairs of each problem that has any: the best path with the worst, the second with the second worst, and so on.</summary>
    /// <param name="rows">Paths.</param>
    /// <param name="phi">Their φ.</param>
    /// <param name="margin">The least difference of φ.</param>
    /// <param name="perProblem">Pairs of one problem at most.</param>
    public static IReadOnlyList<IReadOnlyList<PreferenceExample>> Select(IEnumerable<PathRow> rows, Func<PathRow, double> phi, double margin, int perProblem) =>
    [
        .. rows.GroupBy(row => row.Problem, StringComparer.Ordinal)
            .Select(problem => problem
                .GroupBy(row => new Prompt { Messages = row.Prompt })
                .SelectMany(group => PairsOf([.. group], phi, margin))
                .OrderByDescending(pair => pair.Margin)
                .Take(perProblem)
                .Select(pair => pair.Example)
                .ToList())
            .Where(pairs => pairs.Count > 0),
    ];

    private static IEnumerable<(PreferenceExample Example, double Margin)> PairsOf(IReadOnlyList<PathRow> rows, Func<PathRow, double> phi, double margin)
    {
        var sorted = rows.DistinctBy(row => row.Completion, StringComparer.Ordinal).OrderByDescending(phi).ThenBy(row => row.Completion.Length).ToList();
        for (var i = 0; i < sorted.Count / 2; i++)
        {
            var (better, worse) = (sorted[i], sorted[^(i + 1)]);
            var difference = phi(better) - phi(worse);
            if (difference >= margin)
            {
                var example = new PreferenceExample(new Prompt { Messages = better.Prompt }, better.Completion, worse.Completion) { Id = $"{better.Id}>{worse.Id}" };
                yield return (example, difference);
            }
        }
    }
}
