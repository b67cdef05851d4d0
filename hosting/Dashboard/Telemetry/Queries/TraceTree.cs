using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>Puts the spans of a trace in the order of a waterfall: each below its parent, siblings by when they began.</summary>
public static class TraceTree
{
    /// <summary>Every span once. What has no parent here stands at the top; so does one of each circle of parents.</summary>
    public static List<SpanRow> Rows(Trace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var ids = new HashSet<SpanId>();
        foreach (var span in trace.Spans)
        {
            ids.Add(span.SpanId);
        }

        var tops = new List<Span>();
        var children = new Dictionary<SpanId, List<Span>>();
        foreach (var span in trace.Spans)
        {
            if (span.ParentId.IsEmpty || !ids.Contains(span.ParentId))
            {
                tops.Add(span);
            }
            else if (children.TryGetValue(span.ParentId, out var siblings))
            {
                siblings.Add(span);
            }
            else
            {
                children.Add(span.ParentId, [span]);
            }
        }

        var rows = new List<SpanRow>(trace.Count);
        var told = new HashSet<SpanId>();
        foreach (var top in Ordered(tops))
        {
            Tell(top, children, rows, told);
        }

        // Spans that are their own ancestors hang from no top.
        foreach (var span in Ordered([.. trace.Spans]))
        {
            Tell(span, children, rows, told);
        }

        return rows;
    }

    private static IEnumerable<Span> Ordered(List<Span> spans) => spans.OrderBy(span => span.Start).ThenByDescending(span => span.End);

    // With a stack of its own: a trace can be deeper than the thread's.
    private static void Tell(Span top, Dictionary<SpanId, List<Span>> children, List<SpanRow> rows, HashSet<SpanId> told)
    {
        var waiting = new Stack<(Span Span, int Depth, Span? Parent)>();
        var open = new Stack<(int Row, int Depth)>();
        waiting.Push((top, 0, null));
        while (waiting.TryPop(out var next))
        {
            if (!told.Add(next.Span.SpanId))
            {
                continue;
            }

            Close(rows, open, next.Depth);
            open.Push((rows.Count, next.Depth));
            rows.Add(new SpanRow(
                next.Span, next.Depth, 0, next.Depth == 0 && !next.Span.ParentId.IsEmpty, !ReferenceEquals(next.Span.Resource, next.Parent?.Resource)));
            if (children.TryGetValue(next.Span.SpanId, out var below))
            {
                foreach (var child in Ordered(below).Reverse())
                {
                    waiting.Push((child, next.Depth + 1, next.Span));
                }
            }
        }

        Close(rows, open, 0);
    }

    private static void Close(List<SpanRow> rows, Stack<(int Row, int Depth)> open, int depth)
    {
        while (open.TryPeek(out var last) && last.Depth >= depth)
        {
            open.Pop();
            rows[last.Row] = rows[last.Row] with { Descendants = rows.Count - last.Row - 1 };
        }
    }
}
