using System.Globalization;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>Which traces are asked for.</summary>
public sealed record TraceQuery
{
    /// <summary>Who takes part.</summary>
    public ResourceChoice Resource { get; init; } = ResourceChoice.All;

    /// <summary>What the name has in it, or how the id begins.</summary>
    public string Text { get; init; } = "";

    /// <summary>How long at least, in ticks of 100 ns.</summary>
    public long LeastDuration { get; init; }

    /// <summary>How long at most, in ticks of 100 ns; null for any.</summary>
    public long? MostDuration { get; init; }

    /// <summary>With a failed span alone.</summary>
    public bool OnlyErrors { get; init; }

    /// <summary>With a call of a language model alone.</summary>
    public bool OnlyGenAi { get; init; }

    /// <summary>In which order.</summary>
    public TraceOrder Order { get; init; }

    /// <summary>Conditions, all of which hold for one span of the trace.</summary>
    public IReadOnlyList<FieldFilter> Filters { get; init; } = [];

    /// <summary>The value of a field of a span; null where it has none of that name.</summary>
    public static string? Field(Span span, string field)
    {
        ArgumentNullException.ThrowIfNull(span);
        ArgumentNullException.ThrowIfNull(field);
        return field switch
        {
            "name" or "span.name" => span.Name,
            "kind" or "span.kind" => span.Kind.ToString(),
            "status" or "span.status" => span.Status.ToString(),
            "status.message" => span.StatusMessage,
            "duration" => (span.Duration / (double)TimeSpan.TicksPerMillisecond).ToString("R", CultureInfo.InvariantCulture),
            "resource" => span.Resource.DisplayName,
            "scope" => span.Scope,
            "trace.id" => span.TraceId.ToString(),
            "span.id" => span.SpanId.ToString(),
            _ => span[field] ?? Attributes.Find(span.Resource.Attributes, field),
        };
    }

    /// <summary>The traces that answer, in the order that is asked for.</summary>
    public List<Trace> Run(TelemetryStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var traces = store.Traces();
        traces.RemoveAll(trace => !Answers(trace));
        traces.Sort(Order switch
        {
            TraceOrder.Longest => static (left, right) => right.Duration.CompareTo(left.Duration),
            TraceOrder.MostSpans => static (left, right) => right.Count.CompareTo(left.Count),
            _ => static (left, right) => right.Start.CompareTo(left.Start),
        });
        return traces;
    }

    /// <summary>Whether a span answers the conditions.</summary>
    public static bool Answers(Span span, IReadOnlyList<FieldFilter> filters)
    {
        ArgumentNullException.ThrowIfNull(span);
        ArgumentNullException.ThrowIfNull(filters);
        foreach (var filter in filters)
        {
            if (!filter.Matches(Field(span, filter.Field)))
            {
                return false;
            }
        }

        return true;
    }

    private bool Answers(Trace trace)
    {
        if (trace.Duration < LeastDuration
            || trace.Duration > (MostDuration ?? long.MaxValue)
            || (OnlyErrors && trace.Errors == 0)
            || (OnlyGenAi && !trace.HasGenAi)
            || !TakesPart(trace)
            || (Text.Length > 0
                && !trace.First.Name.Contains(Text, StringComparison.OrdinalIgnoreCase)
                && !trace.Id.ToString().StartsWith(Text, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        if (Filters.Count == 0)
        {
            return true;
        }

        foreach (var span in trace.Spans)
        {
            if (Answers(span, Filters))
            {
                return true;
            }
        }

        return false;
    }

    private bool TakesPart(Trace trace)
    {
        if (Resource.IsAll)
        {
            return true;
        }

        foreach (var share in trace.Resources)
        {
            if (Resource.Includes(share.Resource))
            {
                return true;
            }
        }

        return false;
    }
}
