using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>
/// The points of a dimension, brought onto the steps of a chart. Step i is the time from From + i·length, not included, to
/// From + (i+1)·length, included.
/// </summary>
internal sealed class MetricSeries(TelemetryResource resource, TelemetryAttribute[] attributes, MetricPoint[] points, long began, long from, long to, int steps)
{
    // How long a value holds when no other comes: a little more than the minute that exporters wait by default.
    private static readonly long s_grace = TimeSpan.FromSeconds(65).Ticks;

    private readonly double _length = Math.Max(1, to - from) / (double)steps;
    private HistogramBuckets?[]? _distributions;

    /// <summary>What tells it from other lines.</summary>
    public string Label => attributes.Length == 0 ? resource.DisplayName : $"{string.Join(", ", attributes.Select(attribute => attribute.Value))} · {resource.DisplayName}";

    /// <summary>The value at the end of each step.</summary>
    public double?[] Values()
    {
        var values = new double?[steps];
        var next = 0;
        for (var step = 0; step < steps; step++)
        {
            var time = from + (long)((step + 1) * _length);
            while (next < points.Length && points[next].Start <= time)
            {
                next++;
            }

            if (next > 0 && (next < points.Length || time <= points[next - 1].End + s_grace + _length) && !double.IsNaN(points[next - 1].Value))
            {
                values[step] = points[next - 1].Value;
            }
        }

        return values;
    }

    /// <summary>By how much a running total grew a second in each step; what came between two points is taken to have come evenly.</summary>
    public double?[] Rates()
    {
        var grown = new double?[steps];
        for (var index = 1; index < points.Length; index++)
        {
            Spread(grown, points[index - 1].End, points[index].Start, Increase(points[index - 1], points[index]));
            // While a point holds, nothing comes.
            Spread(grown, points[index].Start, points[index].End, 0);
        }

        if (points.Length > 0)
        {
            Spread(grown, points[0].Start, points[0].End, 0);
        }

        var seconds = _length / TimeSpan.TicksPerSecond;
        for (var step = 0; step < steps; step++)
        {
            grown[step] /= seconds;
        }

        return grown;
    }

    /// <summary>A histogram's values of each step.</summary>
    public HistogramBuckets?[] Distributions() => _distributions ??= FindDistributions();

    /// <summary>What it came to over all steps.</summary>
    public DimensionRow Row(InstrumentKind kind)
    {
        switch (kind)
        {
            case InstrumentKind.Counter:
                // A total that is first told when it has counted already: all of that came since it began.
                var grown = points.Length > 0 && points[0].Start > from && began >= from ? points[0].Value : 0.0;
                for (var index = 1; index < points.Length; index++)
                {
                    if (points[index].Start > from)
                    {
                        grown += Increase(points[index - 1], points[index]);
                    }
                }

                return new DimensionRow(resource, attributes, grown, null, null);
            case InstrumentKind.Histogram:
                var sum = new BucketSum();
                foreach (var buckets in Distributions())
                {
                    sum.Add(buckets);
                }

                var (count, total) = CountAndTotal();
                return new DimensionRow(resource, attributes, count, sum.Value, count > 0 ? total / count : null);
            default:
                return new DimensionRow(resource, attributes, points.Length > 0 && points[^1].End >= from ? points[^1].Value : null, null, null);
        }
    }

    /// <summary>Measurements with a trace.</summary>
    public IEnumerable<MetricExemplar> Exemplars()
    {
        foreach (var point in points)
        {
            foreach (var exemplar in point.Exemplars ?? [])
            {
                if (exemplar.Time >= from && exemplar.Time <= to)
                {
                    yield return exemplar;
                }
            }
        }
    }

    // A total that fell began anew: all of it came since.
    private static double Increase(in MetricPoint before, in MetricPoint after) =>
        after.Value >= before.Value ? after.Value - before.Value : Math.Max(0, after.Value);

    private HistogramBuckets?[] FindDistributions()
    {
        var found = new HistogramBuckets?[steps];
        var next = 0;
        HistogramBuckets? before = null;
        while (next < points.Length && points[next].Start <= from)
        {
            before = points[next++].Buckets;
        }

        for (var step = 0; step < steps; step++)
        {
            var end = from + (long)((step + 1) * _length);
            var last = before;
            while (next < points.Length && points[next].Start <= end)
            {
                last = points[next++].Buckets;
            }

            if (last is not null && !ReferenceEquals(last, before))
            {
                found[step] = before is null ? last : last.Since(before) ?? last;
                before = last;
            }
        }

        return found;
    }

    private (double Count, double Total) CountAndTotal()
    {
        var (count, total) = (0.0, 0.0);
        for (var index = 0; index < points.Length; index++)
        {
            var point = points[index];
            if (point.Start <= from)
            {
                continue;
            }

            var before = index > 0 && points[index - 1].Count <= point.Count ? points[index - 1] : default;
            count += point.Count - before.Count;
            total += point.Value - before.Value;
        }

        return (count, total);
    }

    private void Spread(double?[] grown, long start, long end, double amount)
    {
        var first = Math.Max(0, (int)((start - from) / _length));
        var last = Math.Min(steps - 1, (int)((end - from) / _length));
        var duration = Math.Max(1, end - start);
        for (var step = first; step <= last; step++)
        {
            var overlap = Math.Min(end, from + ((step + 1) * _length)) - Math.Max(start, from + (step * _length));
            if (overlap >= 0)
            {
                grown[step] = (grown[step] ?? 0) + (amount * (end == start ? 1 : overlap / duration));
            }
        }
    }
}
