namespace O1Coder.Problems.Metrics;

/// <summary>
/// ASPR, the average sampling pass rate: how often the last step succeeds once the reasoning before it is right. Source:
/// o1-Coder (arXiv 2412.00154v2), table 1, which says "the average success rate of reaching the correct reasoning path on the
/// last step" and gives neither formula nor number of samples; docs/metrics.md states the definition used here.
/// </summary>
public static class Aspr
{
    /// <summary>
    /// The mean, over the problems with at least one correct path, of passing last-step samples ÷ last-step samples.
    /// </summary>
    /// <param name="problems">One a problem.</param>
    /// <returns>0 to 1; NaN when no problem has a correct path.</returns>
    /// <exception cref="ArgumentException">A count is negative, more samples pass than there are, or a problem with a correct path has no samples.</exception>
    public static double Of(IReadOnlyCollection<LastStepSamples> problems)
    {
        var rates = RatesOf(problems);
        return rates.Count == 0 ? double.NaN : rates.Average();
    }

    /// <summary>The rates whose mean is <see cref="Of"/>, one a problem with a correct path, for <see cref="Bootstrap.OfMean"/>.</summary>
    /// <param name="problems">One a problem.</param>
    /// <returns>Each 0 to 1, in the order of <paramref name="problems"/>.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Of"/>.</exception>
    public static IReadOnlyList<double> RatesOf(IReadOnlyCollection<LastStepSamples> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var bad = problems.Where(p => p.Passing < 0 || p.Passing > p.Samples || (p.HasCorrectPath && p.Samples == 0)).ToList();
        return bad.Count == 0
            ? [.. problems.Where(p => p.HasCorrectPath).Select(p => (double)p.Passing / p.Samples)]
            : throw new ArgumentException($"{bad[0].Passing} of {bad[0].Samples} last-step samples pass; expected 0 to all of at least one.", nameof(problems));
    }
}
