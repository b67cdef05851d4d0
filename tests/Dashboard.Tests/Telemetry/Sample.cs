using Google.Protobuf;
using O1Coder.Benchmarks.Dashboard;
using O1Coder.Hosting.Dashboard.Telemetry.Ingest;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Dashboard.Tests.Telemetry;

/// <summary>Small messages of OTLP, and a store to send them to.</summary>
internal static class Sample
{
    /// <summary>2026-01-01, in nanoseconds since 1970.</summary>
    public const ulong Start = 1_767_225_600_000_000_000;

    public static readonly DateTime StartTime = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static (TelemetryStore Store, TelemetryIngest Ingest) Store(TelemetryLimits? limits = null)
    {
        var store = new TelemetryStore(limits ?? new TelemetryLimits());
        return (store, new TelemetryIngest(store, TimeProvider.System));
    }

    public static ulong At(double seconds) => Start + (ulong)(seconds * 1e9);

    public static ByteString TraceId(int number) => ByteString.CopyFrom([.. new byte[12], .. BitConverter.GetBytes(number).Reverse()]);

    public static ByteString SpanId(int number) => ByteString.CopyFrom([.. new byte[4], .. BitConverter.GetBytes(number).Reverse()]);

    public static Span Span(int trace, int id, int parent = 0, double start = 0, double seconds = 1, string name = "work", params (string Key, object Value)[] attributes)
    {
        var span = new Span
        {
            TraceId = TraceId(trace),
            SpanId = SpanId(id),
            Name = name,
            StartTimeUnixNano = At(start),
            EndTimeUnixNano = At(start + seconds),
            Attributes = { Otlp.Attributes(attributes) },
        };
        if (parent > 0)
        {
            span.ParentSpanId = SpanId(parent);
        }

        return span;
    }

    public static ExportTraceServiceRequest Spans(string service, params Span[] spans) => Otlp.Spans(Otlp.Resource(service, "1"), "test", spans);

    public static LogRecord Log(string message, double at = 0, SeverityNumber severity = SeverityNumber.Info, params (string Key, object Value)[] attributes) => new()
    {
        TimeUnixNano = At(at),
        SeverityNumber = severity,
        Body = new AnyValue { StringValue = message },
        Attributes = { Otlp.Attributes(attributes) },
    };

    public static ExportLogsServiceRequest Logs(string service, params LogRecord[] logs) => Otlp.Logs(Otlp.Resource(service, "1"), "test.category", logs);

    public static ExportMetricsServiceRequest Metric(string service, Metric metric) => new()
    {
        ResourceMetrics =
        {
            new ResourceMetrics
            {
                Resource = Otlp.Resource(service, "1"),
                ScopeMetrics = { new ScopeMetrics { Scope = new InstrumentationScope { Name = "meter" }, Metrics = { metric } } },
            },
        },
    };

    public static ExportMetricsServiceRequest Sum(double at, double value, bool isDelta = false, bool isMonotonic = true, double? began = null, params (string Key, object Value)[] attributes) => Metric("svc", new Metric
    {
        Name = "sum",
        Unit = "{thing}",
        Sum = new Sum
        {
            IsMonotonic = isMonotonic,
            AggregationTemporality = isDelta ? AggregationTemporality.Delta : AggregationTemporality.Cumulative,
            DataPoints = { new NumberDataPoint { AsDouble = value, TimeUnixNano = At(at), StartTimeUnixNano = began is null ? 0 : At(began.Value), Attributes = { Otlp.Attributes(attributes) } } },
        },
    });
}
