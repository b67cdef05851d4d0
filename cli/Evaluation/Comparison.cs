using O1Coder.Problems;
using O1Coder.Problems.Metrics;
using O1Coder.V1;

namespace O1Coder.Cli.Evaluation;

/// <summary>The paired comparison of two evaluations of the same problems.</summary>
/// <param name="Problems">How many problems.</param>
/// <param name="Won">Problems of which the first passes a larger share of its samples.</param>
/// <param name="Lost">Problems of which the second does.</param>
/// <param name="Tied">The others.</param>
/// <param name="Differences">
/// First less second, each with the 95 % bootstrap interval of the mean of the differences problem by problem.
/// </param>
internal sealed record Comparison(int Problems, int Won, int Lost, int Tied, IReadOnlyDictionary<string, ConfidenceInterval> Differences)
{
    private const ulong Seed = 0;

    /// <summary>Compares two finished arms.</summary>
    public static Comparison Of(ArmView first, ArmView second)
    {
        var pairs = first.Problems.Order(StringComparer.Ordinal)
            .Select(problem => (First: SamplesOf(first, problem), Second: SamplesOf(second, problem)))
            .Where(pair => pair.First.Count > 0 && pair.Second.Count > 0)
            .ToList();
        var differences = new Dictionary<string, ConfidenceInterval>(StringComparer.Ordinal);
        foreach (var name in first.Finished!.Metrics.Select(metric => metric.Name))
        {
            if (ValueOf(name) is not { } value)
            {
                continue;
            }

            // Fewer samples of a problem than k say nothing about its pass@k.
            var own = pairs.Select(pair => value(pair.First) - value(pair.Second)).Where(double.IsFinite).ToList();
            if (own.Count > 0)
            {
                differences.Add(name, Bootstrap.OfMean(own, Seed));
            }
        }

        var signs = pairs.ConvertAll(pair => Math.Sign(PassRate(pair.First) - PassRate(pair.Second)));
        return new Comparison(
            pairs.Count, signs.Count(sign => sign > 0), signs.Count(sign => sign < 0), signs.Count(sign => sign == 0), differences);
    }

    private static List<EvaluationSample> SamplesOf(ArmView arm, string problem) =>
        [.. arm.Samples.Where(sample => sample.ProblemId == problem)];

    private static double PassRate(List<EvaluationSample> samples) => (double)samples.Count(IsAccepted) / samples.Count;

    private static bool IsAccepted(EvaluationSample sample) => sample.Verdict == V1.Verdict.Accepted;

    // What is one number a problem; ASPR rests on other problems in each arm and is not paired.
    private static Func<List<EvaluationSample>, double>? ValueOf(string name) => name switch
    {
        "solved" => samples => samples.Exists(IsAccepted) ? 1 : 0,
        "tokens per sample" => samples => samples.Average(sample => (double)sample.GeneratedTokens),
        "seconds per sample" => samples => samples.Average(sample => sample.Seconds),
        _ when name.StartsWith("pass@", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out var k) =>
            samples => k <= samples.Count ? PassAtK.Estimate(samples.Count, samples.Count(IsAccepted), k) : double.NaN,
        _ => null,
    };
}
