using System.Text.Json;

namespace O1Coder.EndToEnd.Tests;

/// <summary>A span or a log line as the dashboard's telemetry API tells it.</summary>
/// <param name="Resource">The service's name.</param>
/// <param name="Record">Its JSON.</param>
public sealed record TelemetryRecord(string Resource, JsonElement Record)
{
    public string TraceId => Text("traceId");

    public string SpanId => Text("spanId");

    /// <summary>The span above it; empty for none.</summary>
    public string ParentId => Text("parentSpanId");

    /// <summary>A span's name.</summary>
    public string Name => Text("name");

    /// <summary>A log line's message.</summary>
    public string Message => Record.GetProperty("body").GetProperty("stringValue").GetString()!;

    /// <summary>An attribute; null where it has none of that name.</summary>
    public string? this[string attribute] => Record.GetProperty("attributes").EnumerateArray()
        .Where(one => one.GetProperty("key").GetString() == attribute)
        .Select(one => one.GetProperty("value").GetProperty("stringValue").GetString())
        .FirstOrDefault();

    /// <summary>Reads an answer of the API, whichever signal it holds.</summary>
    public static IReadOnlyList<TelemetryRecord> ReadAll(JsonElement answer)
    {
        var (ofResources, ofScopes, records) = answer.GetProperty("data").TryGetProperty("resourceSpans", out _)
            ? ("resourceSpans", "scopeSpans", "spans")
            : ("resourceLogs", "scopeLogs", "logRecords");
        return
        [
            .. from resource in answer.GetProperty("data").GetProperty(ofResources).EnumerateArray()
               let name = resource.GetProperty("resource").GetProperty("attributes").EnumerateArray()
                   .First(one => one.GetProperty("key").GetString() == "service.name").GetProperty("value").GetProperty("stringValue").GetString()
               from scope in resource.GetProperty(ofScopes).EnumerateArray()
               from record in scope.GetProperty(records).EnumerateArray()
               select new TelemetryRecord(name, record),
        ];
    }

    private string Text(string name) => Record.TryGetProperty(name, out var value) ? value.GetString()! : "";
}
