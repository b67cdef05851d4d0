namespace O1Coder.Problems.Metrics;

/// <summary>
/// The percentile bootstrap: the sample is drawn again from itself, with replacement, and the statistic's quantiles over
/// these samples are the interval. Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), section 13.3.
/// Quantiles are interpolated linearly between order statistics (Hyndman and Fan 1996, type 7). Equal seeds give equal
/// intervals on every machine.
/// </summary>
public static class Bootstrap
{
    /// <summary>Samples drawn when nothing is said.</summary>
    public const int DefaultResamples = 10_000;

    /// <summary>The interval of the mean of one number a problem.</summary>
    /// <param name="values">One finite number a problem, at least one. For a difference of two systems: their differences, problem by problem.</param>
    /// <param name="seed">Where the draws come from.</param>
    /// <param name="resamples">Samples drawn, 1 to 1,000,000.</param>
    /// <param name="confidence">The chance that the interval is to hold, above 0 and below 1.</param>
    /// <returns>The mean and its interval.</returns>
    /// <exception cref="ArgumentException">There is no value, or one is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of the range given above.</exception>
    public static ConfidenceInterval OfMean(
        IReadOnlyList<double> values, ulong seed, int resamples = DefaultResamples, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.All(double.IsFinite)
            ? Of(values, sample => sample.Average(), seed, resamples, confidence)
            : throw new ArgumentException("A value is not a finite number.", nameof(values));
    }

    /// <summary>The interval of any statistic, for example the AUC over problems.</summary>
    /// <typeparam name="T">What one problem contributes.</typeparam>
    /// <param name="items">One a problem, at least one.</param>
    /// <param name="statistic">
    /// The statistic of a sample as large as <paramref name="items"/>; NaN where a sample has none (an AUC without one of
    /// the classes), which leaves that sample out. The list is the same object each time.
    /// </param>
    /// <param name="seed">Where the draws come from.</param>
    /// <param name="resamples">Samples drawn, 1 to 1,000,000.</param>
    /// <param name="confidence">The chance that the interval is to hold, above 0 and below 1.</param>
    /// <returns>The statistic and its interval; NaN for ends where no sample had a value.</returns>
    /// <exception cref="ArgumentException">There is no item.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of the range given above.</exception>
    public static ConfidenceInterval Of<T>(
        IReadOnlyList<T> items, Func<IReadOnlyList<T>, double> statistic, ulong seed,
        int resamples = DefaultResamples, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(statistic);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(resamples, 1_000_000);
        if (!(confidence is > 0.0 and < 1.0))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence must lie between 0 and 1.");
        }

        if (items.Count == 0)
        {
            throw new ArgumentException("There is nothing to draw from.", nameof(items));
        }

        var estimate = statistic(items);
        var random = new SplitMix64(seed);
        var sample = new T[items.Count];
        var drawn = new List<double>(resamples);
        for (var i = 0; i < resamples; i++)
        {
            for (var j = 0; j < sample.Length; j++)
            {
                sample[j] = items[random.Next(items.Count)];
            }

            var value = statistic(sample);
            if (!double.IsNaN(value))
            {
                drawn.Add(value);
            }
        }

        drawn.Sort();
        var tail = (1.0 - confidence) / 2.0;
        return new ConfidenceInterval(estimate, Quantile(drawn, tail), Quantile(drawn, 1.0 - tail));
    }

    /// <summary>A quantile of sorted numbers, type 7 of Hyndman and Fan; NaN of none.</summary>
    internal static double Quantile(List<double> sorted, double p)
    {
        if (sorted.Count == 0)
        {
            return double.NaN;
        }

        var at = p * (sorted.Count - 1);
        var below = (int)Math.Floor(at);
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
