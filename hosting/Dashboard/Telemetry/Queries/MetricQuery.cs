using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>Which instrument, of whom, and when.</summary>
/// <param name="Resource">Whose.</param>
/// <param name="Meter">Its meter.</param>
/// <param name="Instrument">Its name.</param>
public sealed record MetricQuery(ResourceChoice Resource, string Meter, string Instrument)
{
    private const int MostLines = 8;
    private const int MostExemplars = 100;
    private static readonly (string Name, double Share)[] s_percentiles = [("P50", 0.5), ("P90", 0.9), ("P99", 0.99)];

    /// <summary>Where the time begins, UTC ticks.</summary>
    public long From { get; init; }

    /// <summary>Where it ends, UTC ticks.</summary>
    public long To { get; init; }

    /// <summary>How many values a line has.</summary>
    public int Steps { get; init; } = 120;

    /// <summary>A line for each dimension rather than one for all.</summary>
    public bool Split { get; init; }

    /// <summary>By the name of an attribute, the values of which are left out.</summary>
    public IReadOnlyDictionary<string, HashSet<string>> Hidden { get; init; } = new Dictionary<string, HashSet<string>>();

    /// <summary>The chart; null where nobody who is asked has such an instrument.</summary>
    public MetricChart? Run(TelemetryStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        MetricInstrument? described = null;
        var series = new List<MetricSeries>();
        var known = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var resource in store.MeteredResources.Where(Resource.Includes))
        {
            foreach (var instrument in store.Instruments(resource).Where(one => one.Meter == Meter && one.Name == Instrument))
            {
                described ??= instrument;
                foreach (var (attributes, points, began) in instrument.Range(From, To))
                {
                    Note(known, attributes);
                    if (points.Length > 0 && !IsHidden(attributes))
                    {
                        series.Add(new MetricSeries(resource, attributes, points, began, From, To, Steps));
                    }
                }
            }
        }

        if (described is null)
        {
            return null;
        }

        var lines = LinesOf(described.Kind, series, out var leftOut);
        var rows = series.ConvertAll(one => one.Row(described.Kind));
        return new MetricChart(
            described.Kind,
            described.Unit,
            described.Description,
            From,
            To,
            lines,
            leftOut,
            rows,
            Sum(rows.Select(row => row.Distribution)),
            [.. series.SelectMany(one => one.Exemplars()).OrderByDescending(exemplar => exemplar.Time).Take(MostExemplars)],
            [.. known.Select(pair => (pair.Key, (IReadOnlyList<string>)[.. pair.Value]))]);
    }

    private static HistogramBuckets? Sum(IEnumerable<HistogramBuckets?> all)
    {
        var sum = new BucketSum();
        foreach (var buckets in all)
        {
            sum.Add(buckets);
        }

        return sum.Value;
    }

    private static void Note(SortedDictionary<string, SortedSet<string>> known, TelemetryAttribute[] attributes)
    {
        foreach (var (key, value) in attributes)
        {
            if (!known.TryGetValue(key, out var values))
            {
                known.Add(key, values = new SortedSet<string>(StringComparer.Ordinal));
            }

            values.Add(value);
        }
    }

    private bool IsHidden(TelemetryAttribute[] attributes)
    {
        foreach (var (name, values) in Hidden)
        {
            if (Attributes.Find(attributes, name) is { } value && values.Contains(value))
            {
                return true;
            }
        }

        return false;
    }

    private List<ChartLine> LinesOf(InstrumentKind kind, List<MetricSeries> series, out int leftOut)
    {
        leftOut = 0;
        if (series.Count == 0)
        {
            return [];
        }

        if (kind == InstrumentKind.Histogram)
        {
            return Percentiles(series);
        }

        var lines = series.ConvertAll(one => new ChartLine(one.Label, kind == InstrumentKind.Counter ? one.Rates() : one.Values()));
        if (!Split || lines.Count == 1)
        {
            return [lines.Count == 1 ? lines[0] : new ChartLine("sum", Add(lines))];
        }

        leftOut = Math.Max(0, lines.Count - MostLines);
        return [.. lines.OrderByDescending(line => line.Values.Max() ?? double.MinValue).Take(MostLines)];
    }

    private double?[] Add(List<ChartLine> lines)
    {
        var sums = new double?[Steps];
        foreach (var line in lines)
        {
            for (var step = 0; step < Steps; step++)
            {
                if (line.Values[step] is { } value)
                {
                    sums[step] = (sums[step] ?? 0) + value;
                }
            }
        }

        return sums;
    }

    private List<ChartLine> Percentiles(List<MetricSeries> series)
    {
        var sums = new HistogramBuckets?[Steps];
        for (var step = 0; step < Steps; step++)
        {
            sums[step] = Sum(series.Select(one => one.Distributions()[step]));
        }

        return [.. s_percentiles.Select(percentile => new ChartLine(percentile.Name, [.. sums.Select(sum => sum?.Quantile(percentile.Share))]))];
    }
}
