namespace O1Coder.Coordinator;

/// <summary>Measures the policy in use: greedy pass@1, pass@k of samples, and a tree search's pass@1 and ASPR.</summary>
internal sealed class EvaluateStep(string name, string title) : IPlayStep
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Title => title;

    /// <inheritdoc/>
    public int Part => 0;

    /// <inheritdoc/>
    public int Iteration => 0;

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) => [PlayFolder.EvaluationProblems, .. AdaptersInUse.FilesOf(adapters.Policy)];

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var items = await context.ForEachAsync(
            [PolicyEvaluation.Greedy, PolicyEvaluation.Sample, PolicyEvaluation.Search], how => how, "evaluation", 1,
            (how, meter, token) => PolicyEvaluation.RunAsync(context, how, context.Adapters.Policy, meter, token), cancellationToken,
            how => PolicyEvaluation.Programs(context.Plan, how));
        var greedy = items[0].Result;
        return new StepResult
        {
            Metrics = [.. items.SelectMany(item => item.Result.Metrics)],
            Settings = new Dictionary<string, string>
            {
                ["adapter"] = context.Adapters.Policy,
                ["samples"] = $"{context.Plan.Settings.EvaluationSamples}",
                ["rollouts"] = $"{context.Plan.Limits.EvaluationRollouts}",
                ["seed"] = $"{context.Plan.Settings.Seed}",
            },
            Summary = $"greedily {greedy.Solved.Count} of {greedy.Problems} problems, by search {items[2].Result.Solved.Count}",
        };
    }
}
