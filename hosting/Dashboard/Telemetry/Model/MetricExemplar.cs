namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>One measurement behind a point, and the span in which it was taken.</summary>
public sealed record MetricExemplar(long Time, double Value, TraceId TraceId, SpanId SpanId);
