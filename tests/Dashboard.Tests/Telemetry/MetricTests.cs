using O1Coder.Hosting.Dashboard.Telemetry.Ingest;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;
using O1Coder.Hosting.Dashboard.Telemetry.Queries;
using O1Coder.Hosting.Dashboard.Telemetry.Store;
using Metric = O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1.Metric;

namespace O1Coder.Dashboard.Tests.Telemetry;

public class MetricTests
{
    [Fact]
    public void A_cumulative_sum_is_shown_as_a_rate_over_a_restart_of_its_sender()
    {
        var (store, ingest) = Sample.Store();
        foreach (var (at, value) in new[] { (0.0, 100.0), (10, 120), (20, 140), (30, 6), (40, 16) })
        {
            ingest.Take(Sample.Sum(at, value));
        }

        var chart = Chart(store, "sum", 0, 40, 4);
        Assert.Equal(InstrumentKind.Counter, chart.Kind);
        Assert.Equal([2.0, 2.0, 0.6, 1.0], Assert.Single(chart.Lines).Values.Select(value => Math.Round(value!.Value, 6)));
        Assert.Equal(20 + 20 + 6 + 10, Assert.Single(chart.Rows).Value);
    }

    [Theory]
    [InlineData(5.0, 0, 12 + 3)]
    [InlineData(5.0, 8, 3)]
    [InlineData(null, 0, 3)]
    public void A_sum_that_is_first_told_late_grew_by_all_of_it_if_it_began_in_the_time(double? began, int from, double grown)
    {
        var (store, ingest) = Sample.Store();
        ingest.Take(Sample.Sum(20, 12, began: began));
        ingest.Take(Sample.Sum(30, 15, began: began));
        Assert.Equal(grown, Assert.Single(Chart(store, "sum", from, 40, 4).Rows).Value);
        Assert.Equal(3, Assert.Single(Chart(store, "sum", 25, 40, 4).Rows).Value);
    }

    [Fact]
    public void Deltas_and_totals_come_to_the_same()
    {
        var (totals, totalIngest) = Sample.Store();
        var (deltas, deltaIngest) = Sample.Store();
        var total = 0.0;
        for (var at = 0; at <= 60; at += 5)
        {
            total += at;
            totalIngest.Take(Sample.Sum(at, total));
            deltaIngest.Take(Sample.Sum(at, at, isDelta: true));
        }

        Assert.Equal(Chart(totals, "sum", 0, 60, 12).Lines[0].Values, Chart(deltas, "sum", 0, 60, 12).Lines[0].Values);
    }

    [Fact]
    public void A_gauge_holds_until_another_value_comes_and_not_for_ever()
    {
        var (store, ingest) = Sample.Store();
        ingest.Take(Sample.Sum(10, 5, isMonotonic: false));
        ingest.Take(Sample.Sum(30, 9, isMonotonic: false));
        var values = Chart(store, "sum", 0, 300, 30).Lines[0].Values;
        Assert.Equal([5.0, 5.0, 9.0], values[0..3].Select(value => value!.Value));
        Assert.Equal(9.0, values[8]);
        Assert.Null(values[20]);
    }

    [Fact]
    public void Equal_values_are_one_point_and_points_are_bounded()
    {
        var (store, ingest) = Sample.Store(new TelemetryLimits { MaxMetricsCount = 100 });
        for (var at = 0; at < 1000; at++)
        {
            ingest.Take(Sample.Sum(at, at < 500 ? 7 : at));
        }

        var points = Assert.Single(store.Instruments(store.MeteredResources.Single()).Single().Range(0, long.MaxValue)).Points;
        Assert.Equal(100, points.Length);
        Assert.Equal((900.0, 999.0), (points[0].Value, points[^1].Value));

        var (held, steady) = Sample.Store();
        for (var at = 0; at < 1000; at++)
        {
            steady.Take(Sample.Sum(at, 7));
        }

        var point = Assert.Single(Assert.Single(held.Instruments(held.MeteredResources.Single()).Single().Range(0, long.MaxValue)).Points);
        Assert.Equal(999 * TimeSpan.TicksPerSecond, point.End - point.Start);
    }

    [Fact]
    public void A_point_that_comes_late_finds_its_place()
    {
        var (store, ingest) = Sample.Store();
        foreach (var at in new[] { 10, 30, 20, 40, 5 })
        {
            ingest.Take(Sample.Sum(at, at, isMonotonic: false));
        }

        var points = store.Instruments(store.MeteredResources.Single()).Single().Range(0, long.MaxValue).Single().Points;
        Assert.Equal([5.0, 10.0, 20.0, 30.0, 40.0], points.Select(point => point.Value));
    }

    [Fact]
    public void Thinned_totals_still_tell_the_whole_increase()
    {
        var (store, ingest) = Sample.Store(new TelemetryLimits { MaxMetricBytes = 100_000 });
        for (var at = 0; at <= 20_000; at++)
        {
            ingest.Take(Sample.Sum(at, at * 3));
        }

        Assert.InRange(store.Bytes.Metrics, 1, 100_000);
        var chart = Chart(store, "sum", 0, 20_000, 10);
        Assert.Equal(60_000, chart.Rows[0].Value);
        Assert.All(chart.Lines[0].Values, rate => Assert.Equal(3, rate!.Value, 0.001));
    }

    [Fact]
    public void Dimensions_are_bounded_and_the_rest_is_rejected()
    {
        var (store, ingest) = Sample.Store(new TelemetryLimits { MaxDimensionCount = 10 });
        var rejected = Enumerable.Range(0, 15).Sum(number => ingest.Take(Sample.Sum(0, 1, attributes: ("user", number))).Count);
        Assert.Equal(5, rejected);
        Assert.Equal(10, Chart(store, "sum", -1, 10, 4).Rows.Count);
    }

    [Fact]
    public void When_points_are_few_and_still_too_many_the_longest_silent_dimensions_go()
    {
        var (store, ingest) = Sample.Store(new TelemetryLimits { MaxMetricBytes = 60_000 });
        for (var number = 0; number < 500; number++)
        {
            ingest.Take(Sample.Sum(number, 1, attributes: ("user", number)));
        }

        var chart = Chart(store, "sum", -1, 1000, 4);
        Assert.InRange(store.Bytes.Metrics, 1, 60_000);
        Assert.Contains(chart.Rows, row => row.Label == "user=499");
        Assert.DoesNotContain(chart.Rows, row => row.Label == "user=0");
    }

    [Fact]
    public void Percentiles_are_those_of_the_values_of_the_time_alone()
    {
        var (store, ingest) = Sample.Store();
        ingest.Take(Histogram(0, [10, 20, 40], [100, 0, 0, 0]));
        ingest.Take(Histogram(10, [10, 20, 40], [100, 50, 50, 0]));
        ingest.Take(Histogram(20, [10, 20, 40], [100, 50, 50, 10]));
        var chart = Chart(store, "histogram", 0, 20, 2);
        Assert.Equal(["P50", "P90", "P99"], chart.Lines.Select(line => line.Name));
        Assert.Equal(20, chart.Lines[0].Values[0]);
        Assert.Equal(36, chart.Lines[1].Values[0]!.Value, 0.001);
        // Above every bound: what is known is that it is more than the last one.
        Assert.Equal(40, chart.Lines[0].Values[1]);
        Assert.Equal(110, chart.Rows[0].Value);
        Assert.Equal([0ul, 50ul, 50ul, 10ul], chart.Distribution!.Counts);
    }

    [Fact]
    public void Histograms_of_other_bounds_are_added_up()
    {
        var left = new HistogramBuckets([1, 2, 4], [1, 2, 3, 4]);
        var right = new HistogramBuckets([2, 8], [10, 20, 30]);
        var sum = left.Plus(right);
        Assert.Equal([1.0, 2.0, 4.0, 8.0], sum.Bounds);
        Assert.Equal([1ul, 12ul, 3ul, 20ul, 34ul], sum.Counts);
        Assert.Null(left.Since(new HistogramBuckets([1, 2, 4], [2, 2, 3, 4])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8)]
    public void Exponential_buckets_hold_the_values_that_the_specification_puts_there(int scale)
    {
        var counts = new ulong[40];
        counts[0] = 1;
        counts[39] = 1;
        var buckets = HistogramBuckets.FromExponential(scale, 0, 5, -8, counts, 0, [2]);
        // The zero bucket, negative values from −2^(2^−scale) to −1, and bounds at 2^(i·2^−scale).
        Assert.Equal(9ul, buckets.Total);
        Assert.Equal(-Math.Pow(2, Math.Pow(2, -scale)), buckets.Bounds[0]);
        Assert.Equal(-1, buckets.Bounds[1]);
        Assert.Equal(0, buckets.Bounds[2]);
        Assert.Equal(Math.Pow(2, -8 * Math.Pow(2, -scale)), buckets.Bounds[3]);
        Assert.Equal(Math.Pow(2, 32 * Math.Pow(2, -scale)), buckets.Bounds[^1], 1e-9);
        Assert.Equal([0ul, 2ul, 5ul, 0ul, 1ul], buckets.Counts[..5]);
    }

    [Fact]
    public void An_exponential_histogram_goes_on_when_its_scale_gets_coarser()
    {
        var (store, ingest) = Sample.Store();
        // Scale 1, values between 2 and 4: buckets [2, 2.83] and [2.83, 4].
        ingest.Take(Exponential(0, 1, 2, [3, 4]));
        // Scale 0: one bucket from 2 to 4, which holds those seven and five new ones, and one to 8.
        ingest.Take(Exponential(10, 0, 1, [12, 6]));
        var chart = Chart(store, "exponential", 0, 10, 1);
        Assert.Equal(11ul, chart.Distribution!.Total);
        Assert.Equal(5ul, chart.Distribution.Counts[Array.IndexOf(chart.Distribution.Bounds, 4.0)]);
        Assert.InRange(chart.Lines[0].Values[0]!.Value, 4, 5);
    }

    [Fact]
    public void Dimensions_can_be_hidden_and_split_and_exemplars_lead_to_traces()
    {
        var (store, ingest) = Sample.Store();
        for (var at = 0; at <= 10; at += 5)
        {
            ingest.Take(Sample.Sum(at, at * 2, attributes: ("verdict", "passed")));
            ingest.Take(Sample.Sum(at, at, attributes: ("verdict", "failed")));
        }

        Assert.Equal(3, Chart(store, "sum", 0, 10, 2).Lines.Single().Values[0]!.Value, 0.001);
        var query = Query("sum", 0, 10, 2);
        Assert.Equal(["passed · svc", "failed · svc"], (query with { Split = true }).Run(store)!.Lines.Select(line => line.Name));
        var filtered = (query with { Hidden = new Dictionary<string, HashSet<string>> { ["verdict"] = ["failed"] } }).Run(store)!;
        Assert.Equal(2, filtered.Lines.Single().Values[0]!.Value, 0.001);
        Assert.Equal(["failed", "passed"], Assert.Single(filtered.Dimensions).Values);

        var request = Histogram(3, [1], [1, 0]);
        request.ResourceMetrics[0].ScopeMetrics[0].Metrics[0].Histogram.DataPoints[0].Exemplars.Add(
            new Exemplar { AsDouble = 0.5, TraceId = Sample.TraceId(9), SpanId = Sample.SpanId(8), TimeUnixNano = Sample.At(2) });
        ingest.Take(request);
        var exemplar = Assert.Single(Chart(store, "histogram", 0, 10, 2).Exemplars);
        Assert.Equal((0.5, 9ul, 8ul), (exemplar.Value, exemplar.TraceId.Low, exemplar.SpanId.Value));
    }

    [Fact]
    public void What_cannot_be_read_is_rejected_and_says_why()
    {
        var (_, ingest) = Sample.Store();
        Assert.Equal(1, ingest.Take(Histogram(0, [1, 2], [1, 2])).Count);
        Assert.Equal(1, ingest.Take(Histogram(0, [2, 1], [1, 2, 3])).Count);
        Assert.Equal(1, ingest.Take(Exponential(0, 200, 0, [1])).Count);
        var unspecified = Sample.Sum(0, 1);
        unspecified.ResourceMetrics[0].ScopeMetrics[0].Metrics[0].Sum.AggregationTemporality = AggregationTemporality.Unspecified;
        var rejections = ingest.Take(unspecified);
        Assert.Equal(1, rejections.Count);
        Assert.Contains("expected", rejections.Message, StringComparison.Ordinal);
    }

    private static MetricQuery Query(string instrument, double from, double to, int steps) => new(ResourceChoice.All, "meter", instrument)
    {
        From = Sample.StartTime.AddSeconds(from).Ticks,
        To = Sample.StartTime.AddSeconds(to).Ticks,
        Steps = steps,
    };

    private static MetricChart Chart(TelemetryStore store, string instrument, double from, double to, int steps) =>
        Query(instrument, from, to, steps).Run(store)!;

    private static ExportMetricsServiceRequest Histogram(double at, double[] bounds, ulong[] counts)
    {
        var point = new HistogramDataPoint { TimeUnixNano = Sample.At(at), Count = counts.Aggregate(0ul, (sum, count) => sum + count), Sum = 1 };
        point.ExplicitBounds.AddRange(bounds);
        point.BucketCounts.AddRange(counts);
        return Sample.Metric("svc", new Metric
        {
            Name = "histogram",
            Unit = "s",
            Histogram = new Histogram { AggregationTemporality = AggregationTemporality.Cumulative, DataPoints = { point } },
        });
    }

    private static ExportMetricsServiceRequest Exponential(double at, int scale, int offset, ulong[] counts)
    {
        var point = new ExponentialHistogramDataPoint
        {
            TimeUnixNano = Sample.At(at),
            Scale = scale,
            Count = counts.Aggregate(0ul, (sum, count) => sum + count),
            Positive = new ExponentialHistogramDataPoint.Types.Buckets { Offset = offset, BucketCounts = { counts } },
        };
        return Sample.Metric("svc", new Metric
        {
            Name = "exponential",
            Unit = "s",
            ExponentialHistogram = new ExponentialHistogram { AggregationTemporality = AggregationTemporality.Cumulative, DataPoints = { point } },
        });
    }
}
