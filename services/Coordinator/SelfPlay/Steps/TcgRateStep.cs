using O1Coder.Problems.Metrics;

namespace O1Coder.Coordinator;

/// <summary>
/// ① How many of the cases that the generator writes are good: greedily, for the evaluation problems, checked against
/// their reference solutions. The best adapter so far is kept; one that is not better than what came before is not.
/// </summary>
/// <param name="name">The step's name.</param>
/// <param name="adapter">The adapter's folder; empty for the base.</param>
/// <param name="rivals">The steps that rated what it has to beat.</param>
internal sealed class TcgRateStep(string name, string adapter, IReadOnlyList<string> rivals) : IPlayStep
{
    /// <summary>The metric.</summary>
    public const string PassRate = "tcg pass rate";

    private const int Resamples = 2000;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Title => adapter.Length == 0 ? "Test-case generator: pass rate, zero-shot" : $"Test-case generator: pass rate of {adapter}";

    /// <inheritdoc/>
    public int Part => 1;

    /// <inheritdoc/>
    public int Iteration => 0;

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) => [PlayFolder.EvaluationProblems, .. AdaptersInUse.FilesOf(adapter)];

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (adapter.Length > 0 && !context.HasAdapter(adapter))
        {
            return new StepResult { Summary = "there is no such adapter: nothing was trained" };
        }

        var limits = context.Plan.Limits;
        var problems = context.Plan.EvaluationProblems.Where(problem => problem.ReferenceSolutions.Count > 0).ToList();
        var items = await context.ForEachAsync(
            problems, problem => problem.Id, "problem", limits.Concurrency,
            (problem, meter, token) => TestWriting.RunAsync(context, problem, adapter, AdaptersInUse.CandidateOf(AdaptersInUse.TcgRole), limits.TestsPerProblem, 1, 0f, 0, meter, token),
            cancellationToken);
        var rows = items.Select(item => item.Result).ToList();
        var written = rows.Sum(row => row.Written);
        if (written == 0)
        {
            return new StepResult
            {
                Summary = (rows.Count, rows.Sum(row => row.Repeated)) switch
                {
                    (0, _) => "no evaluation problem has a reference solution: there is no rate",
                    (_, 0) => "the model wrote no case: there is no rate",
                    (_, var repeated) => $"all {repeated} cases repeat the examples or each other: there is no rate",
                },
            };
        }

        var rate = Bootstrap.Of(rows, RateOf, context.Plan.Settings.Seed, Resamples);
        var metric = new StepMetric(PassRate, rate.Estimate, rate.Low, rate.High, rows.Count);
        var best = rivals.Select(rival => context.Records.First(record => record.Name == rival))
            .Max(record => record.Metrics.FirstOrDefault(one => one.Name == PassRate)?.Value);
        var kept = adapter.Length > 0 && metric.Value > (best ?? 0);
        var before = best is { } known ? $"the best before was {Text.Percent(known)}" : "nothing had a rate before";
        return new StepResult
        {
            Metrics = [metric],
            Keeps = kept ? new Dictionary<string, string> { [AdaptersInUse.TcgRole] = adapter } : [],
            Settings = new Dictionary<string, string> { ["temperature"] = "0", ["tests wanted per problem"] = $"{limits.TestsPerProblem}", ["adapter"] = adapter },
            Summary = $"{Text.Percent(metric.Value)}: {TestRow.Describe(rows)}" + (adapter.Length == 0 ? "" : $"; {(kept ? "kept" : "kept aside")}, {before}"),
        };
    }

    private static double RateOf(IReadOnlyList<TestRow> rows)
    {
        var written = rows.Sum(row => row.Written);
        return written == 0 ? double.NaN : (double)rows.Sum(row => row.Good) / written;
    }
}
