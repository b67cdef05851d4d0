using O1Coder.Hosting.Dashboard.ConsoleLogs;
using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Store;

/// <summary>All telemetry that the dashboard holds. Safe for any number of threads; what a reader gets never changes.</summary>
public sealed class TelemetryStore
{
    private readonly LogRing _logs;
    private readonly TraceTable _traces;
    private readonly MetricTable _metrics;
    private readonly ResourceTable _resources;
    private long _lastLog;

    /// <summary>Makes an empty store.</summary>
    /// <exception cref="ArgumentException">A limit is below 1.</exception>
    public TelemetryStore(TelemetryLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (limits.FindError() is { } error)
        {
            throw new ArgumentException(error, nameof(limits));
        }

        Limits = limits;
        _logs = new LogRing(limits.MaxLogCount, limits.MaxLogBytes);
        _traces = new TraceTable(limits);
        _metrics = new MetricTable(limits);
        _resources = new ResourceTable(limits.MaxResourceCount);
        _resources.Dropped += _metrics.Remove;
        Console = new ConsoleStore(limits);
    }

    /// <summary>What it keeps at most.</summary>
    public TelemetryLimits Limits { get; }

    /// <summary>The last lines of consoles, for the search.</summary>
    internal ConsoleStore Console { get; }

    /// <summary>Who has sent telemetry, by display name.</summary>
    public IReadOnlyList<TelemetryResource> Resources => _resources.All;

    /// <summary>Changes with every log line.</summary>
    public long LogVersion => _logs.Version;

    /// <summary>Changes with every span.</summary>
    public long TraceVersion => _traces.Version;

    /// <summary>Changes with every point.</summary>
    public long MetricVersion => _metrics.Version;

    /// <summary>What is held weighs, in bytes, estimated: logs, traces, metrics.</summary>
    public (long Logs, long Traces, long Metrics) Bytes => (_logs.Bytes, _traces.Bytes, _metrics.Bytes);

    /// <summary>How many log lines and traces are held.</summary>
    public (int Logs, int Traces) Counts => (_logs.Count, _traces.Count);

    internal TextPool Texts { get; } = new();

    /// <summary>The log lines in order of arrival.</summary>
    public List<LogEntry> Logs() => _logs.Snapshot();

    /// <summary>The traces, those that were added to last at the end.</summary>
    public List<Trace> Traces() => _traces.Snapshot();

    /// <summary>The trace of this id; null where it is not held.</summary>
    public Trace? FindTrace(TraceId id) => _traces.Find(id);

    /// <summary>The instruments of a resource, unordered.</summary>
    public IReadOnlyCollection<MetricInstrument> Instruments(TelemetryResource resource) => _metrics.Of(resource);

    /// <summary>Resources that have sent metrics.</summary>
    public IReadOnlyCollection<TelemetryResource> MeteredResources => _metrics.Resources;

    /// <summary>Forgets log lines: those of a resource, or all.</summary>
    public void ClearLogs(TelemetryResource? resource) => _logs.Remove(entry => resource is null || ReferenceEquals(entry.Resource, resource));

    /// <summary>Forgets traces: those in which a resource takes part, or all.</summary>
    public void ClearTraces(TelemetryResource? resource) =>
        _traces.Remove(trace => resource is null || trace.Resources.Any(share => ReferenceEquals(share.Resource, resource)));

    /// <summary>Forgets the metrics of a resource, or of all.</summary>
    public void ClearMetrics(TelemetryResource? resource)
    {
        foreach (var metered in MeteredResources)
        {
            if (resource is null || ReferenceEquals(metered, resource))
            {
                _metrics.Remove(metered);
            }
        }
    }

    internal TelemetryResource Resource(TelemetryAttribute[] attributes, long now) => _resources.Get(attributes, now);

    internal long NextLogNumber() => Interlocked.Increment(ref _lastLog);

    internal void Add(List<LogEntry> entries) => _logs.Add(entries);

    internal int Add(List<Span> spans) => _traces.Add(spans);

    internal MetricInstrument? Instrument(TelemetryResource resource, string meter, string name) => _metrics.Get(resource, meter, name);

    internal void MetricsGrown(long bytes) => _metrics.Grown(bytes);
}
