namespace O1Coder.Coordinator;

/// <summary>Evaluates the policy with one adapter on the evaluation problems; an interrupted evaluation goes on.</summary>
internal static class PolicyEvaluation
{
    /// <summary>One program a problem, the likeliest token each time.</summary>
    public const string Greedy = "greedy";

    /// <summary>Independent programs.</summary>
    public const string Sample = "sample";

    /// <summary>The program that a tree search returns.</summary>
    public const string Search = "search";

    /// <summary>How many programs a problem an evaluation has written, about.</summary>
    /// <param name="plan">The run's.</param>
    /// <param name="how">greedy, sample or search.</param>
    public static double Programs(PlayPlan plan, string how) => how switch
    {
        Greedy => 1,
        Sample => plan.Settings.EvaluationSamples,
        _ => plan.Limits.EvaluationRollouts,
    };

    /// <summary>Evaluates.</summary>
    /// <param name="context">The step.</param>
    /// <param name="how">greedy, sample or search.</param>
    /// <param name="adapter">The adapter's folder in the run's; empty for the base.</param>
    /// <param name="meter">Counts tokens.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<EvaluationResult> RunAsync(
        StepContext context, string how, string adapter, ItemMeter meter, CancellationToken cancellationToken)
    {
        var (plan, limits) = (context.Plan, context.Plan.Limits);
        var request = new V1.EvaluateRequest
        {
            Options = new V1.SearchOptions
            {
                Strategy = how switch { Greedy => V1.Strategy.Greedy, Sample => V1.Strategy.Sample, _ => V1.Strategy.Mcts },
                Seed = plan.Settings.Seed,
                MaxStepTokens = limits.MaxStepTokens,
                MaxProgramTokens = limits.MaxProgramTokens,
            },
            Budget = new V1.Budget { Rollouts = how == Search ? limits.EvaluationRollouts : 0 },
            Samples = how == Sample ? plan.Settings.EvaluationSamples : 1,
            Tests = V1.TestsShown.All,
            Adapter = context.AdapterPath(adapter),
        };
        request.Problems.AddRange(plan.EvaluationProblems.Select(PlayProblems.WithoutSolutions));
        var solved = new SortedSet<string>(StringComparer.Ordinal);
        var finished = await context.Services.Evaluator.RunAsync(request, Take, cancellationToken);
        meter.Set(finished.GeneratedTokens, share: 1);
        return new EvaluationResult(
            [.. finished.Metrics.Select(one => StepMetric.From(one, one.Name == "aspr" ? null : $"{how} {one.Name}")).Where(one => double.IsFinite(one.Value))],
            [.. solved], plan.EvaluationProblems.Count);

        ValueTask Take(V1.EvaluateResponse one)
        {
            if (one.Sample is { Sample: 0, Verdict: V1.Verdict.Accepted } sample)
            {
                solved.Add(sample.ProblemId);
            }

            if (one.Progress is { } progress)
            {
                meter.Set(progress.GeneratedTokens, share: (double)progress.Done / Math.Max(1, progress.Total));
            }

            return ValueTask.CompletedTask;
        }
    }
}
