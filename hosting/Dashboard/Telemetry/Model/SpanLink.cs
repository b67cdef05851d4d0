namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>Another span that a span has to do with.</summary>
public sealed record SpanLink(TraceId TraceId, SpanId SpanId, TelemetryAttribute[] Attributes);
