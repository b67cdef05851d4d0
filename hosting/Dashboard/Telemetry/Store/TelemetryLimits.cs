namespace O1Coder.Hosting.Dashboard.Telemetry.Store;

/// <summary>
/// What the dashboard keeps at most: section <c>Dashboard:TelemetryLimits</c>, <c>DASHBOARD__TELEMETRYLIMITS__…</c> in the
/// environment. Names and numbers of counts are Aspire's; the budgets in bytes are ours, as counts alone do not bound memory.
/// </summary>
public sealed class TelemetryLimits
{
    /// <summary>Where in the configuration they stand.</summary>
    public const string Section = "Dashboard:TelemetryLimits";

    /// <summary>Log lines.</summary>
    public int MaxLogCount { get; set; } = 10_000;

    /// <summary>Traces; the one that has been silent for longest goes first.</summary>
    public int MaxTraceCount { get; set; } = 10_000;

    /// <summary>Points of one dimension of one instrument.</summary>
    public int MaxMetricsCount { get; set; } = 50_000;

    /// <summary>Attributes of a log line, a span, an event, a link, a resource or a point.</summary>
    public int MaxAttributeCount { get; set; } = 128;

    /// <summary>Characters of an attribute's value.</summary>
    public int MaxAttributeLength { get; set; } = int.MaxValue;

    /// <summary>Events of a span, and links.</summary>
    public int MaxSpanEventCount { get; set; } = int.MaxValue;

    /// <summary>Resources; the one that has been silent for longest goes first, its metrics with it.</summary>
    public int MaxResourceCount { get; set; } = 10_000;

    /// <summary>Spans of one trace; further ones are rejected.</summary>
    public int MaxTraceSpanCount { get; set; } = 20_000;

    /// <summary>Dimensions of one instrument of one resource; points of further ones are rejected.</summary>
    public int MaxDimensionCount { get; set; } = 2_000;

    /// <summary>Instruments of one resource; further ones are rejected.</summary>
    public int MaxInstrumentCount { get; set; } = 1_000;

    /// <summary>Console lines of one resource that can be searched.</summary>
    public int MaxConsoleLogCount { get; set; } = 10_000;

    /// <summary>Characters of the console lines of one resource that can be searched.</summary>
    public int MaxConsoleLogCharacters { get; set; } = 4 << 20;

    /// <summary>What all log lines may weigh, in bytes.</summary>
    public long MaxLogBytes { get; set; } = 64L << 20;

    /// <summary>What all spans may weigh, in bytes.</summary>
    public long MaxTraceBytes { get; set; } = 128L << 20;

    /// <summary>What all points may weigh, in bytes; when it is spent, the oldest points are thinned out.</summary>
    public long MaxMetricBytes { get; set; } = 64L << 20;

    /// <summary>The first setting that makes no sense, as a sentence; null when all do.</summary>
    public string? FindError()
    {
        (string Name, long Value)[] settings =
        [
            (nameof(MaxLogCount), MaxLogCount), (nameof(MaxTraceCount), MaxTraceCount), (nameof(MaxMetricsCount), MaxMetricsCount),
            (nameof(MaxAttributeCount), MaxAttributeCount), (nameof(MaxAttributeLength), MaxAttributeLength),
            (nameof(MaxSpanEventCount), MaxSpanEventCount), (nameof(MaxResourceCount), MaxResourceCount),
            (nameof(MaxTraceSpanCount), MaxTraceSpanCount), (nameof(MaxDimensionCount), MaxDimensionCount),
            (nameof(MaxInstrumentCount), MaxInstrumentCount), (nameof(MaxLogBytes), MaxLogBytes),
            (nameof(MaxConsoleLogCount), MaxConsoleLogCount), (nameof(MaxConsoleLogCharacters), MaxConsoleLogCharacters),
            (nameof(MaxTraceBytes), MaxTraceBytes), (nameof(MaxMetricBytes), MaxMetricBytes),
        ];
        foreach (var (name, value) in settings)
        {
            if (value < 1)
            {
                return $"{Section}:{name} is {value}: expected a whole number from 1";
            }
        }

        return null;
    }
}
