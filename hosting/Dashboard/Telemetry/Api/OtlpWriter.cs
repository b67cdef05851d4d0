using System.Globalization;
using System.Text.Json;
using O1Coder.Hosting.Dashboard.Telemetry.Ingest;
using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Api;

/// <summary>
/// Writes telemetry as OTLP's JSON. Values of attributes are texts, which is how they are held: {"key":"n","value":{"stringValue":"42"}}.
/// </summary>
internal static class OtlpWriter
{
    /// <summary>Writes spans: {"resourceSpans":[{"resource":…,"scopeSpans":[{"scope":…,"spans":[…]}]}]}.</summary>
    public static void WriteSpans(Utf8JsonWriter writer, IEnumerable<Span> spans) =>
        WriteGroups(writer, spans, "resourceSpans", "scopeSpans", "spans", span => (span.Resource, span.Scope), WriteSpan);

    /// <summary>Writes log lines: {"resourceLogs":[{"resource":…,"scopeLogs":[{"scope":…,"logRecords":[…]}]}]}.</summary>
    public static void WriteLogs(Utf8JsonWriter writer, IEnumerable<LogEntry> logs) =>
        WriteGroups(writer, logs, "resourceLogs", "scopeLogs", "logRecords", log => (log.Resource, log.Category), WriteLog);

    private static void WriteGroups<T>(
        Utf8JsonWriter writer,
        IEnumerable<T> items,
        string resources,
        string scopes,
        string records,
        Func<T, (TelemetryResource Resource, string Scope)> ownerOf,
        Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartObject();
        writer.WriteStartArray(resources);
        foreach (var ofResource in items.GroupBy(item => ownerOf(item).Resource))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("resource");
            WriteAttributes(writer, ofResource.Key.Attributes);
            writer.WriteEndObject();
            writer.WriteStartArray(scopes);
            foreach (var ofScope in ofResource.GroupBy(item => ownerOf(item).Scope))
            {
                writer.WriteStartObject();
                writer.WriteStartObject("scope");
                writer.WriteString("name", ofScope.Key);
                writer.WriteEndObject();
                writer.WriteStartArray(records);
                foreach (var item in ofScope)
                {
                    write(writer, item);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteSpan(Utf8JsonWriter writer, Span span)
    {
        writer.WriteStartObject();
        writer.WriteString("traceId", span.TraceId.ToString());
        writer.WriteString("spanId", span.SpanId.ToString());
        if (!span.ParentId.IsEmpty)
        {
            writer.WriteString("parentSpanId", span.ParentId.ToString());
        }

        writer.WriteString("name", span.Name);
        writer.WriteNumber("kind", (int)span.Kind);
        WriteTime(writer, "startTimeUnixNano", span.Start);
        WriteTime(writer, "endTimeUnixNano", span.End);
        WriteAttributes(writer, span.Attributes);
        writer.WriteStartArray("events");
        foreach (var happened in span.Events)
        {
            writer.WriteStartObject();
            WriteTime(writer, "timeUnixNano", happened.Time);
            writer.WriteString("name", happened.Name);
            WriteAttributes(writer, happened.Attributes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("links");
        foreach (var link in span.Links)
        {
            writer.WriteStartObject();
            writer.WriteString("traceId", link.TraceId.ToString());
            writer.WriteString("spanId", link.SpanId.ToString());
            WriteAttributes(writer, link.Attributes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("status");
        writer.WriteNumber("code", (int)span.Status);
        if (span.StatusMessage.Length > 0)
        {
            writer.WriteString("message", span.StatusMessage);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteLog(Utf8JsonWriter writer, LogEntry log)
    {
        writer.WriteStartObject();
        WriteTime(writer, "timeUnixNano", log.Time);
        // The first of the four numbers that OTLP has for each.
        writer.WriteNumber("severityNumber", log.Severity == Severity.Unspecified ? 0 : (((int)log.Severity - 1) * 4) + 1);
        writer.WriteString("severityText", log.Severity.ToString());
        writer.WriteStartObject("body");
        writer.WriteString("stringValue", log.Message);
        writer.WriteEndObject();
        WriteAttributes(writer, log.Attributes);
        if (!log.TraceId.IsEmpty)
        {
            writer.WriteString("traceId", log.TraceId.ToString());
        }

        if (!log.SpanId.IsEmpty)
        {
            writer.WriteString("spanId", log.SpanId.ToString());
        }

        if (log.EventName.Length > 0)
        {
            writer.WriteString("eventName", log.EventName);
        }

        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, long ticks) =>
        writer.WriteString(name, OtlpTime.Nanos(ticks).ToString(CultureInfo.InvariantCulture));

    private static void WriteAttributes(Utf8JsonWriter writer, IReadOnlyList<TelemetryAttribute> attributes)
    {
        writer.WriteStartArray("attributes");
        foreach (var (key, value) in attributes)
        {
            writer.WriteStartObject();
            writer.WriteString("key", key);
            writer.WriteStartObject("value");
            writer.WriteString("stringValue", value);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
