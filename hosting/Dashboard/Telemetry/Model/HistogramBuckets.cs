namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>
/// How many values fell into which range: bucket i holds those above bound i−1 up to and including bound i, the last one those
/// above every bound. Exponential histograms are held like this as well.
/// </summary>
/// <param name="Bounds">Ascending; one less than counts.</param>
/// <param name="Counts">How many values each bucket holds.</param>
public sealed record HistogramBuckets(double[] Bounds, ulong[] Counts)
{
    private static readonly double[] s_noBounds = [];

    /// <summary>Values in all buckets.</summary>
    public ulong Total
    {
        get
        {
            var total = 0ul;
            foreach (var count in Counts)
            {
                total += count;
            }

            return total;
        }
    }

    /// <summary>
    /// Makes buckets of an exponential histogram: bucket i of scale s ends at 2^((i+1)·2^−s). The exponents are exact in a
    /// double, so that equal bounds of different scales are equal numbers.
    /// </summary>
    public static HistogramBuckets FromExponential(
        int scale, double zeroThreshold, ulong zeroCount, int positiveOffset, IReadOnlyList<ulong> positive, int negativeOffset, IReadOnlyList<ulong> negative)
    {
        var bounds = new List<double>(positive.Count + negative.Count + 3);
        var counts = new List<ulong>(positive.Count + negative.Count + 3);
        var highestNegative = LastUsed(negative);
        if (highestNegative >= 0)
        {
            bounds.Add(-Bound(negativeOffset + highestNegative + 1, scale));
            counts.Add(0);
            for (var index = highestNegative; index >= 0; index--)
            {
                Append(bounds, counts, -Bound(negativeOffset + index, scale), negative[index]);
            }
        }

        Append(bounds, counts, zeroThreshold, zeroCount);
        var highestPositive = LastUsed(positive);
        for (var index = 0; index <= highestPositive; index++)
        {
            if (index == 0)
            {
                Append(bounds, counts, Bound(positiveOffset, scale), 0);
            }

            Append(bounds, counts, Bound(positiveOffset + index + 1, scale), positive[index]);
        }

        counts.Add(0);
        return new HistogramBuckets([.. bounds], [.. counts]);
    }

    /// <summary>Both together.</summary>
    public HistogramBuckets Plus(HistogramBuckets other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (SameBounds(other))
        {
            var sums = new ulong[Counts.Length];
            for (var index = 0; index < sums.Length; index++)
            {
                sums[index] = Counts[index] + other.Counts[index];
            }

            return new HistogramBuckets(Bounds, sums);
        }

        double[] union = [.. Bounds.Concat(other.Bounds).Distinct().Order()];
        return Over(union).Plus(other.Over(union) with { Bounds = union });
    }

    /// <summary>
    /// What came since an earlier state of the same counts. Null where it cannot be one: a bucket that holds less than before
    /// means that the sender began anew.
    /// </summary>
    public HistogramBuckets? Since(HistogramBuckets earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        var before = SameBounds(earlier) ? earlier : earlier.Over(Bounds);
        var differences = new ulong[Counts.Length];
        for (var index = 0; index < differences.Length; index++)
        {
            if (Counts[index] < before.Counts[index])
            {
                return null;
            }

            differences[index] = Counts[index] - before.Counts[index];
        }

        return new HistogramBuckets(Bounds, differences);
    }

    /// <summary>
    /// The value that a share of the values does not exceed, interpolated inside its bucket as Prometheus does; the last
    /// bound where it lies above all of them, null where there are no values or no bounds.
    /// </summary>
    public double? Quantile(double share)
    {
        var total = Total;
        if (total == 0 || Bounds.Length == 0)
        {
            return null;
        }

        var rank = share * total;
        var below = 0.0;
        for (var index = 0; index < Counts.Length; index++)
        {
            var count = Counts[index];
            if (count > 0 && below + count >= rank)
            {
                if (index == Bounds.Length)
                {
                    return Bounds[^1];
                }

                var upper = Bounds[index];
                var lower = index > 0 ? Bounds[index - 1] : Math.Min(0, upper);
                return lower + ((upper - lower) * ((rank - below) / count));
            }

            below += count;
        }

        return Bounds[^1];
    }

    /// <summary>What it weighs in memory, in bytes, estimated; bounds are mostly shared.</summary>
    internal int Size => 96 + (8 * Counts.Length);

    private static double Bound(int index, int scale) => Math.Pow(2, Math.ScaleB(index, -scale));

    private static int LastUsed(IReadOnlyList<ulong> counts)
    {
        var index = counts.Count - 1;
        while (index >= 0 && counts[index] == 0)
        {
            index--;
        }

        return index;
    }

    // A bound that is not above the last one (the zero bucket may reach over small ones, and large ones are infinite) adds to its bucket.
    private static void Append(List<double> bounds, List<ulong> counts, double bound, ulong count)
    {
        if (bounds.Count > 0 && bound <= bounds[^1])
        {
            counts[^1] += count;
            return;
        }

        bounds.Add(bound);
        counts.Add(count);
    }

    private bool SameBounds(HistogramBuckets other) => ReferenceEquals(Bounds, other.Bounds) || Bounds.AsSpan().SequenceEqual(other.Bounds);

    // Each bucket's values go where its upper bound lies.
    private HistogramBuckets Over(double[] bounds)
    {
        var counts = new ulong[bounds.Length + 1];
        for (var index = 0; index < Counts.Length; index++)
        {
            var target = bounds.Length;
            if (index < Bounds.Length)
            {
                var found = Array.BinarySearch(bounds, Bounds[index]);
                target = found >= 0 ? found : ~found;
            }

            counts[target] += Counts[index];
        }

        return new HistogramBuckets(bounds.Length == 0 ? s_noBounds : bounds, counts);
    }
}
