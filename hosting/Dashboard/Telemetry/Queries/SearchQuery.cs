using O1Coder.Hosting.Dashboard.ConsoleLogs;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>Looks for a text in everything: messages, console lines, names, attributes, events, ids.</summary>
/// <param name="Text">What is looked for, whatever the case.</param>
/// <param name="Most">How many hits are told; the newest first.</param>
public sealed record SearchQuery(string Text, int Most = 500)
{
    private const int Around = 60;

    /// <summary>The newest places where the text stands, one for each log line, console line and span, and how many there are of each.</summary>
    public SearchResult Run(TelemetryStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (Text.Length == 0)
        {
            return new SearchResult([], 0, 0, 0);
        }

        var finder = new TextFinder(Text);
        var hits = new List<SearchHit>();
        foreach (var entry in store.Logs())
        {
            if (Find(entry, finder) is { } place)
            {
                hits.Add(Hit(entry.Time, entry.Resource, null, entry, null, place));
            }
        }

        var logs = hits.Count;
        foreach (var line in store.Console.Lines())
        {
            if (line.Text.Contains(Text, StringComparison.OrdinalIgnoreCase))
            {
                hits.Add(Hit(line.Time, null, line, null, null, ("line", line.Text)));
            }
        }

        var lines = hits.Count - logs;
        foreach (var trace in store.Traces())
        {
            var idMatches = Text.Length >= 8 && trace.Id.ToString().StartsWith(Text, StringComparison.OrdinalIgnoreCase);
            foreach (var span in trace.Spans)
            {
                if (Find(span, finder) is { } place)
                {
                    hits.Add(Hit(span.Start, span.Resource, null, null, span, place));
                }
                else if (idMatches && ReferenceEquals(span, trace.First))
                {
                    hits.Add(Hit(span.Start, span.Resource, null, null, span, ("trace id", trace.Id.ToString())));
                }
            }
        }

        var spans = hits.Count - logs - lines;
        hits.Sort(static (left, right) => right.Time.CompareTo(left.Time));
        if (hits.Count > Most)
        {
            hits.RemoveRange(Most, hits.Count - Most);
        }

        return new SearchResult(hits, logs, lines, spans);
    }

    private static (string Field, string Value)? Find(LogEntry entry, TextFinder finder)
    {
        if (finder.IsIn(entry.Message))
        {
            return ("message", entry.Message);
        }

        if (finder.IsIn(entry.Category))
        {
            return ("category", entry.Category);
        }

        if (finder.IsIn(entry.EventName))
        {
            return ("event", entry.EventName);
        }

        return Find(entry.Attributes, finder);
    }

    private (string Field, string Value)? Find(Span span, TextFinder finder)
    {
        if (finder.IsIn(span.Name))
        {
            return ("name", span.Name);
        }

        if (finder.IsIn(span.StatusMessage))
        {
            return ("status", span.StatusMessage);
        }

        if (Find(span.Attributes, finder) is { } found)
        {
            return found;
        }

        foreach (var happened in span.Events)
        {
            if (finder.IsIn(happened.Name))
            {
                return ("event", happened.Name);
            }

            if (Find(happened.Attributes, finder) is { } ofEvent)
            {
                return ofEvent;
            }
        }

        return Text.Length == 16 && string.Equals(span.SpanId.ToString(), Text, StringComparison.OrdinalIgnoreCase) ? ("span id", span.SpanId.ToString()) : null;
    }

    private static (string Field, string Value)? Find(TelemetryAttribute[] attributes, TextFinder finder)
    {
        foreach (var (key, value) in attributes)
        {
            if (finder.IsIn(value))
            {
                return (key, value);
            }

            if (finder.IsIn(key))
            {
                return ("attribute", $"{key} = {value}");
            }
        }

        return null;
    }

    private SearchHit Hit(long time, TelemetryResource? resource, KeptLine? line, LogEntry? log, Span? span, (string Field, string Value) place)
    {
        var at = place.Value.IndexOf(Text, StringComparison.OrdinalIgnoreCase);
        var from = Math.Max(0, at - Around);
        var end = at + Text.Length;
        var to = Math.Min(place.Value.Length, end + (2 * Around));
        return new SearchHit(
            time,
            resource,
            line,
            log,
            span,
            place.Field,
            (from > 0 ? "…" : "") + place.Value[from..at],
            place.Value[at..end],
            place.Value[end..to] + (to < place.Value.Length ? "…" : ""));
    }
}
