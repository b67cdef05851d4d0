using System.Globalization;
using O1Coder.Models.Verification;

namespace O1Coder.Inference.Verification;

/// <summary>Collects the same log-probabilities from several variants and compares them with each other.</summary>
internal sealed class Agreement
{
    /// <summary>The mean |Δ log-probability| to float32 that the fast accuracy may have.</summary>
    public const double FastMean = 0.03;

    /// <summary>That of the exact accuracy.</summary>
    public const double ExactMean = 1e-4;

    /// <summary>By how much any log-probability may differ between kernels for different instructions.</summary>
    public const double KernelLargest = 1e-4;

    private readonly List<(EngineVariant Variant, string Name, double[] Scores)> _measured = [];

    /// <summary>The mean that an accuracy may have.</summary>
    public static double Mean(Precision precision) => precision == Precision.Fast ? FastMean : ExactMean;

    /// <summary>Adds what a variant gave, as many numbers as the others.</summary>
    public void Add(EngineVariant variant, string name, double[] scores) => _measured.Add((variant, name, scores));

    /// <summary>Compares, for each accuracy, the kernels with each other and the two back ends.</summary>
    public IEnumerable<CaseResult> Compare()
    {
        foreach (var same in _measured.GroupBy(one => one.Variant.Precision))
        {
            var kernels = same.Where(one => one.Variant.Path is not null).ToList();
            for (var i = 1; i < kernels.Count; i++)
            {
                var (_, largest) = Differences(kernels[0].Scores, kernels[i].Scores);
                yield return Result("kernels agree", kernels[0].Name, kernels[i].Name, "largest", largest, KernelLargest);
            }

            foreach (var other in same.Where(one => one.Variant.Path is null && kernels.Count > 0))
            {
                var (mean, _) = Differences(kernels[0].Scores, other.Scores);
                yield return Result("back ends agree", kernels[0].Name, other.Name, "mean", mean, Mean(same.Key));
            }
        }
    }

    /// <summary>Mean and largest absolute difference; NaN where a number is none.</summary>
    public static (double Mean, double Largest) Differences(IReadOnlyList<double> left, IReadOnlyList<double> right)
    {
        if (left.Count != right.Count || left.Count == 0)
        {
            throw new FormatException($"{left.Count} numbers came, {right.Count} are expected: expected as many, at least 1");
        }

        var differences = left.Zip(right, (a, b) => Math.Abs(a - b)).ToList();

        // Max would pass a NaN over where another number comes first.
        return (differences.Average(), differences.Exists(double.IsNaN) ? double.NaN : differences.Max());
    }

    private static CaseResult Result(string group, string left, string right, string what, double found, double bound)
    {
        var said = string.Create(CultureInfo.InvariantCulture, $"{left} and {right}: {what} |Δ log-probability| {found:0.0e0}");
        return new CaseResult(group, $"{left} and {right}", found <= bound ? null : string.Create(CultureInfo.InvariantCulture, $"{said}, expected at most {bound:0.0e0}"))
        {
            Measured = said,
        };
    }
}
