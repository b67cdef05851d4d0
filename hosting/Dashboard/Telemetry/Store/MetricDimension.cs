using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Store;

/// <summary>The points of an instrument that share their attributes. Its instrument locks.</summary>
internal sealed class MetricDimension(TelemetryAttribute[] attributes, long began, int maxPoints)
{
    private const int OwnBytes = 600;

    private double _total;
    private ulong _count;
    private HistogramBuckets? _buckets;

    /// <summary>What tells it from the other dimensions, by name.</summary>
    public TelemetryAttribute[] Attributes { get; } = attributes;

    /// <summary>Since when its first total counts, UTC ticks; of 1970 where the sender did not say.</summary>
    public long Began { get; } = began;

    /// <summary>Its points.</summary>
    public PointRing Points { get; } = new(maxPoints);

    /// <summary>When the last point came, UTC ticks.</summary>
    public long LastTime => Points.Count > 0 ? Points.Last.End : 0;

    /// <summary>What it weighs, in bytes, estimated.</summary>
    public long Bytes => Points.Bytes + OwnBytes;

    /// <summary>
    /// Adds a point; one that tells what came since the last is added to the running total first, so that all points are totals.
    /// </summary>
    public void Add(MetricPoint point, bool isDelta)
    {
        if (isDelta)
        {
            _total += point.Value;
            _count += point.Count;
            _buckets = point.Buckets is null ? _buckets : _buckets?.Plus(point.Buckets) ?? point.Buckets;
            // One that comes late counts from now on: the totals after its time are told already.
            var end = Math.Max(point.End, LastTime);
            point = point with { Start = end, End = end, Value = _total, Count = _count, Buckets = _buckets };
        }
        else if (point.Buckets is { } buckets && Points.Count > 0 && Points.Last.Buckets is { } last && last.Bounds.AsSpan().SequenceEqual(buckets.Bounds))
        {
            point = point with { Buckets = buckets with { Bounds = last.Bounds } };
        }

        Points.Add(point);
    }
}
