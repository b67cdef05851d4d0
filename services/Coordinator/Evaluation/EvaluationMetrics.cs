using O1Coder.Problems;
using O1Coder.Problems.Metrics;

namespace O1Coder.Coordinator;

/// <summary>
/// The metrics of an evaluation out of its records; docs/evaluation.md defines each. Intervals are 95 % bootstrap intervals
/// over problems.
/// </summary>
internal static class EvaluationMetrics
{
    private const ulong Seed = 0;

    // An AUC sorts all steps of every resample.
    private const int StepResamples = 1000;
    private const double GoodStep = 0.5;

    /// <summary>The metrics that the records allow, in the order of the table.</summary>
    /// <param name="plan">The evaluation.</param>
    /// <param name="records">All of its records, in any order.</param>
    public static IReadOnlyList<V1.Estimate> Of(EvaluationPlan plan, IReadOnlyCollection<EvaluationRecord> records)
    {
        // Sorted, so that the intervals do not depend on which problem was done first.
        var problems = records.Where(record => record.Sample is not null)
            .GroupBy(record => record.Sample!.ProblemId)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.OrderBy(record => record.Sample!.Sample).ToList())
            .ToList();
        var samples = problems.Select(group => group.ConvertAll(record => record.Sample!)).ToList();
        List<V1.Estimate> metrics =
        [
            .. plan.K.Select(k => Mean($"pass@{k}", samples, group => PassAtK.Estimate(group.Count, group.Count(IsAccepted), k))),
            Mean("solved", samples, group => group.Exists(IsAccepted) ? 1 : 0),
        ];
        AddRewards(metrics, samples);
        if (plan.Searches)
        {
            AddAspr(metrics, samples);
        }

        metrics.Add(Mean("tokens per sample", samples, group => group.Average(sample => (double)sample.GeneratedTokens)));
        metrics.Add(Mean("seconds per sample", samples, group => group.Average(sample => sample.Seconds)));
        AddTests(metrics, [.. records.Where(record => record.Tests is not null).OrderBy(record => record.TestsOf, StringComparer.Ordinal)]);
        AddSteps(metrics, [.. problems.Select(group => group.SelectMany(record => record.Steps).ToList()).Where(steps => steps.Count > 0)]);
        return metrics;
    }

    private static bool IsAccepted(V1.EvaluationSample sample) => sample.Verdict == V1.Verdict.Accepted;

    // The rewards are those that self-play gives outcomes, so that a change of them is seen where it is trained on.
    private static void AddRewards(List<V1.Estimate> metrics, List<List<V1.EvaluationSample>> samples)
    {
        var pipeline = new RewardPipeline(new RewardOptions());
        metrics.Add(Mean("reward", samples, group => group.Average(sample => pipeline.Evaluate(EvidenceOf(sample)).Total ?? 0)));
        var shown = samples.Where(group => group.Exists(sample => sample.ShownTotal > 0)).ToList();
        if (shown.Count > 0)
        {
            metrics.Add(Mean("overfit", shown, group => group.Average(sample => EvidenceOf(sample).IsOverfit ? 1.0 : 0)));
        }
    }

    private static RewardEvidence EvidenceOf(V1.EvaluationSample sample) => new()
    {
        Verdict = Enum.Parse<Verdict>(sample.Verdict.ToString()),
        Visible = new TestCount(sample.ShownPassed, sample.ShownTotal),
        Hidden = new TestCount(sample.Passed - sample.ShownPassed, sample.Total - sample.ShownTotal),
    };

    private static void AddAspr(List<V1.Estimate> metrics, List<List<V1.EvaluationSample>> samples)
    {
        var rates = Aspr.RatesOf([.. samples.Select(group => new LastStepSamples(
            group.Exists(sample => sample.CorrectPaths > 0), group.Sum(sample => sample.LastStepPasses), group.Sum(sample => sample.LastStepSamples)))]);
        if (rates.Count > 0)
        {
            metrics.Add(Estimate("aspr", Bootstrap.OfMean(rates, Seed), rates.Count));
        }
    }

    private static void AddTests(List<V1.Estimate> metrics, List<EvaluationRecord> records)
    {
        // Repetitions say nothing about right and wrong.
        var written = records.Where(record => record.Tests!.Written > record.Tests.Duplicates).ToList();
        if (written.Count > 0)
        {
            metrics.Add(Estimate(
                "tcg pass rate",
                Bootstrap.Of(
                    written, some => some.Sum(record => (double)record.Tests!.Good) / some.Sum(record => record.Tests!.Written - record.Tests.Duplicates),
                    Seed),
                written.Count));
        }
    }

    private static void AddSteps(List<V1.Estimate> metrics, List<List<StepScore>> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        Add("prm accuracy", (rewards, labels) => BinaryMetrics.Accuracy(rewards, labels));
        Add("prm auc", BinaryMetrics.Auc);
        Add("prm brier", BinaryMetrics.Brier);
        Add("prm ece", (rewards, labels) => BinaryMetrics.ExpectedCalibrationError(rewards, labels));

        void Add(string name, Func<IReadOnlyList<double>, IReadOnlyList<bool>, double> metric)
        {
            var interval = Bootstrap.Of(
                problems,
                some =>
                {
                    var steps = some.SelectMany(step => step).ToList();
                    return metric([.. steps.Select(step => step.Reward)], [.. steps.Select(step => step.Value >= GoodStep)]);
                },
                Seed, StepResamples);

            // There is no AUC where all steps are good, or none.
            if (double.IsFinite(interval.Estimate))
            {
                metrics.Add(Estimate(name, interval, problems.Count));
            }
        }
    }

    private static V1.Estimate Mean(string name, List<List<V1.EvaluationSample>> problems, Func<List<V1.EvaluationSample>, double> value) =>
        Estimate(name, Bootstrap.OfMean([.. problems.Select(value)], Seed), problems.Count);

    private static V1.Estimate Estimate(string name, ConfidenceInterval interval, int problems) => new()
    {
        Name = name,
        Value = interval.Estimate,
        Low = interval.Low,
        High = interval.High,
        Problems = problems,
    };
}
