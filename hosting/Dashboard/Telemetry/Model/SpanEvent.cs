namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>Something that happened in a span.</summary>
/// <param name="Time">UTC ticks.</param>
/// <param name="Name">What happened.</param>
/// <param name="Attributes">With what.</param>
public sealed record SpanEvent(long Time, string Name, TelemetryAttribute[] Attributes);
