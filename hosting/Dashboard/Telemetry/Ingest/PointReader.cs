using Google.Protobuf.Collections;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Hosting.Dashboard.Telemetry.Ingest;

/// <summary>Reads the points of a metric.</summary>
internal sealed class PointReader(AttributeReader reader, TimeProvider clock)
{
    // The flag of a point that says that its series has ended, and has no value.
    private const uint NoRecordedValue = 1;

    /// <summary>What the metric's numbers are.</summary>
    public static InstrumentKind KindOf(Metric metric) => metric.DataCase switch
    {
        Metric.DataOneofCase.Sum when metric.Sum.IsMonotonic => InstrumentKind.Counter,
        Metric.DataOneofCase.Sum => InstrumentKind.UpDownCounter,
        Metric.DataOneofCase.Histogram or Metric.DataOneofCase.ExponentialHistogram or Metric.DataOneofCase.Summary => InstrumentKind.Histogram,
        _ => InstrumentKind.Gauge,
    };

    /// <summary>Whether each point tells what came since the last one.</summary>
    public static bool IsDelta(Metric metric) => Temporality(metric) == AggregationTemporality.Delta;

    /// <summary>The points that can be read, each with the time since when it counts, UTC ticks; of 1970 where that was not told.</summary>
    public List<(TelemetryAttribute[] Attributes, MetricPoint Point, long Began)> Read(Metric metric, Rejections rejections)
    {
        var read = new List<(TelemetryAttribute[], MetricPoint, long)>();
        if (metric.Name.Length == 0)
        {
            rejections.Add(CountOf(metric), "a metric has no name");
            return read;
        }

        if (Temporality(metric) is not (null or AggregationTemporality.Delta or AggregationTemporality.Cumulative))
        {
            rejections.Add(CountOf(metric), $"'{metric.Name}' has aggregationTemporality 0: expected 1 (delta) or 2 (cumulative)");
            return read;
        }

        switch (metric.DataCase)
        {
            case Metric.DataOneofCase.Gauge:
                Read(metric.Gauge.DataPoints, read);
                break;
            case Metric.DataOneofCase.Sum:
                Read(metric.Sum.DataPoints, read);
                break;
            case Metric.DataOneofCase.Histogram:
                foreach (var point in metric.Histogram.DataPoints.Where(point => (point.Flags & NoRecordedValue) == 0))
                {
                    if (BucketsOf(point) is { } buckets)
                    {
                        Add(read, point.Attributes, point.StartTimeUnixNano, point.TimeUnixNano, point.Sum, point.Count, buckets.Bounds.Length == 0 ? null : buckets, point.Exemplars);
                    }
                    else
                    {
                        rejections.Add(1, $"'{metric.Name}' has {point.BucketCounts.Count} bucketCounts and {point.ExplicitBounds.Count} explicitBounds: expected ascending bounds, and one count more");
                    }
                }

                break;
            case Metric.DataOneofCase.ExponentialHistogram:
                ReadExponential(metric, read, rejections);
                break;
            case Metric.DataOneofCase.Summary:
                // Quantiles cannot be added up; count and sum can.
                foreach (var point in metric.Summary.DataPoints.Where(point => (point.Flags & NoRecordedValue) == 0))
                {
                    Add(read, point.Attributes, point.StartTimeUnixNano, point.TimeUnixNano, point.Sum, point.Count, null, []);
                }

                break;
            default:
                break;
        }

        return read;
    }

    private static AggregationTemporality? Temporality(Metric metric) => metric.DataCase switch
    {
        Metric.DataOneofCase.Sum => metric.Sum.AggregationTemporality,
        Metric.DataOneofCase.Histogram => metric.Histogram.AggregationTemporality,
        Metric.DataOneofCase.ExponentialHistogram => metric.ExponentialHistogram.AggregationTemporality,
        _ => null,
    };

    private static int CountOf(Metric metric) => metric.DataCase switch
    {
        Metric.DataOneofCase.Gauge => metric.Gauge.DataPoints.Count,
        Metric.DataOneofCase.Sum => metric.Sum.DataPoints.Count,
        Metric.DataOneofCase.Histogram => metric.Histogram.DataPoints.Count,
        Metric.DataOneofCase.ExponentialHistogram => metric.ExponentialHistogram.DataPoints.Count,
        Metric.DataOneofCase.Summary => metric.Summary.DataPoints.Count,
        _ => 0,
    };

    private static HistogramBuckets? BucketsOf(HistogramDataPoint point)
    {
        double[] bounds = [.. point.ExplicitBounds];
        if (point.BucketCounts.Count == 0 && bounds.Length == 0)
        {
            return new HistogramBuckets(bounds, [point.Count]);
        }

        if (point.BucketCounts.Count != bounds.Length + 1)
        {
            return null;
        }

        for (var index = 0; index < bounds.Length; index++)
        {
            if (double.IsNaN(bounds[index]) || (index > 0 && bounds[index] <= bounds[index - 1]))
            {
                return null;
            }
        }

        return new HistogramBuckets(bounds, [.. point.BucketCounts]);
    }

    private void ReadExponential(Metric metric, List<(TelemetryAttribute[], MetricPoint, long)> read, Rejections rejections)
    {
        // The scales that senders use lie in −10 to 20, and as many buckets as an exporter of that makes fit by far.
        const int LeastScale = -10;
        const int MostScale = 20;
        const int MostBuckets = 4096;
        foreach (var point in metric.ExponentialHistogram.DataPoints.Where(point => (point.Flags & NoRecordedValue) == 0))
        {
            RepeatedField<ulong> positive = point.Positive?.BucketCounts ?? [];
            RepeatedField<ulong> negative = point.Negative?.BucketCounts ?? [];
            if (point.Scale is < LeastScale or > MostScale || positive.Count > MostBuckets || negative.Count > MostBuckets || !(point.ZeroThreshold >= 0))
            {
                rejections.Add(1, $"'{metric.Name}' has scale {point.Scale} and {positive.Count + negative.Count} buckets: expected {LeastScale} to {MostScale}, and at most {MostBuckets} a side");
                continue;
            }

            var buckets = HistogramBuckets.FromExponential(
                point.Scale, point.ZeroThreshold, point.ZeroCount, point.Positive?.Offset ?? 0, positive, point.Negative?.Offset ?? 0, negative);
            Add(read, point.Attributes, point.StartTimeUnixNano, point.TimeUnixNano, point.Sum, point.Count, buckets, point.Exemplars);
        }
    }

    private void Read(RepeatedField<NumberDataPoint> points, List<(TelemetryAttribute[], MetricPoint, long)> read)
    {
        foreach (var point in points.Where(point => (point.Flags & NoRecordedValue) == 0))
        {
            var value = point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
            Add(read, point.Attributes, point.StartTimeUnixNano, point.TimeUnixNano, value, 0, null, point.Exemplars);
        }
    }

    private void Add(
        List<(TelemetryAttribute[], MetricPoint, long)> read,
        RepeatedField<KeyValue> attributes,
        ulong began,
        ulong nanos,
        double value,
        ulong count,
        HistogramBuckets? buckets,
        RepeatedField<Exemplar> exemplars)
    {
        var time = nanos != 0 ? OtlpTime.Ticks(nanos) : clock.GetUtcNow().UtcTicks;
        read.Add((reader.ReadSorted(attributes), new MetricPoint(time, time, value, count, buckets, Read(exemplars)), OtlpTime.Ticks(began)));
    }

    private static MetricExemplar[]? Read(RepeatedField<Exemplar> exemplars)
    {
        // Without a trace there is nothing that one leads to.
        MetricExemplar[] read =
        [
            .. exemplars
                .Where(exemplar => !TraceId.From(exemplar.TraceId.Span).IsEmpty)
                .Select(exemplar => new MetricExemplar(
                    OtlpTime.Ticks(exemplar.TimeUnixNano),
                    exemplar.ValueCase == Exemplar.ValueOneofCase.AsInt ? exemplar.AsInt : exemplar.AsDouble,
                    TraceId.From(exemplar.TraceId.Span),
                    SpanId.From(exemplar.SpanId.Span))),
        ];
        return read.Length == 0 ? null : read;
    }
}
