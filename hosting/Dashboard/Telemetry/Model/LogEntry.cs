namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>A structured log line.</summary>
/// <param name="Number">Counts the lines of this dashboard in the order of arrival.</param>
/// <param name="Resource">Who wrote it.</param>
/// <param name="Category">The logger, which OTLP calls scope.</param>
/// <param name="Time">When it was written, UTC ticks; when it was observed where the first is missing.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">Its body as text.</param>
/// <param name="Template">The message with its holes, where the sender tells it.</param>
/// <param name="EventName">The event's name; empty where it has none.</param>
/// <param name="TraceId">The trace that it belongs to; empty for none.</param>
/// <param name="SpanId">The span that it belongs to; empty for none.</param>
/// <param name="Attributes">Everything else.</param>
/// <param name="Size">What it weighs in memory, in bytes, estimated.</param>
public sealed record LogEntry(
    long Number,
    TelemetryResource Resource,
    string Category,
    long Time,
    Severity Severity,
    string Message,
    string? Template,
    string EventName,
    TraceId TraceId,
    SpanId SpanId,
    TelemetryAttribute[] Attributes,
    int Size);
