using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>Which log lines are asked for.</summary>
public sealed record LogQuery
{
    /// <summary>Whose.</summary>
    public ResourceChoice Resource { get; init; } = ResourceChoice.All;

    /// <summary>How bad at least.</summary>
    public Severity LeastSeverity { get; init; }

    /// <summary>What the message has in it.</summary>
    public string Text { get; init; } = "";

    /// <summary>Of which trace; empty for any.</summary>
    public TraceId TraceId { get; init; }

    /// <summary>Of which span; empty for any.</summary>
    public SpanId SpanId { get; init; }

    /// <summary>Conditions, all of which hold.</summary>
    public IReadOnlyList<FieldFilter> Filters { get; init; } = [];

    /// <summary>The value of a field of a log line; null where it has none of that name.</summary>
    public static string? Field(LogEntry entry, string field)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(field);
        return field switch
        {
            "message" or "log.message" => entry.Message,
            "category" or "log.category" => entry.Category,
            "level" or "log.level" => entry.Severity.ToString(),
            "event" or "log.event" => entry.EventName,
            "template" => entry.Template,
            "resource" => entry.Resource.DisplayName,
            "trace.id" => entry.TraceId.IsEmpty ? null : entry.TraceId.ToString(),
            "span.id" => entry.SpanId.IsEmpty ? null : entry.SpanId.ToString(),
            _ => Attributes.Find(entry.Attributes, field) ?? Attributes.Find(entry.Resource.Attributes, field),
        };
    }

    /// <summary>The lines that answer, by time.</summary>
    public List<LogEntry> Run(TelemetryStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var entries = store.Logs();
        entries.RemoveAll(entry => !Answers(entry));
        // Mostly in order already; of equal times in the order of arrival.
        entries.Sort(static (left, right) => left.Time != right.Time ? left.Time.CompareTo(right.Time) : left.Number.CompareTo(right.Number));
        return entries;
    }

    /// <summary>Whether a line is asked for.</summary>
    public bool Answers(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Severity < LeastSeverity
            || (!TraceId.IsEmpty && entry.TraceId != TraceId)
            || (!SpanId.IsEmpty && entry.SpanId != SpanId)
            || !Resource.Includes(entry.Resource)
            || (Text.Length > 0 && !entry.Message.Contains(Text, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        foreach (var filter in Filters)
        {
            if (!filter.Matches(Field(entry, filter.Field)))
            {
                return false;
            }
        }

        return true;
    }
}
