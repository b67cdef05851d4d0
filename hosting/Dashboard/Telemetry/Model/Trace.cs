namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>A trace as it stood when it was looked at: spans that come later make another of these.</summary>
public sealed class Trace
{
    private readonly Span[] _spans;

    internal Trace(TraceId id, Span[] spans, int count, Span first, long end, int errors, bool genAi, ResourceShare[] resources)
    {
        Id = id;
        _spans = spans;
        Count = count;
        First = first;
        End = end;
        Errors = errors;
        HasGenAi = genAi;
        Resources = resources;
    }

    /// <summary>Its id.</summary>
    public TraceId Id { get; }

    /// <summary>How many spans have come.</summary>
    public int Count { get; }

    /// <summary>The root, or the earliest span while no root has come.</summary>
    public Span First { get; }

    /// <summary>When its earliest span began, UTC ticks.</summary>
    public long Start { get; internal init; }

    /// <summary>When its last span ended, UTC ticks.</summary>
    public long End { get; }

    /// <summary>From the first beginning to the last end, in ticks of 100 ns.</summary>
    public long Duration => End - Start;

    /// <summary>How many spans failed.</summary>
    public int Errors { get; }

    /// <summary>True when a span calls a language model.</summary>
    public bool HasGenAi { get; }

    /// <summary>Who took part, in order of appearance.</summary>
    public IReadOnlyList<ResourceShare> Resources { get; }

    /// <summary>False while the span that all others hang from has not come.</summary>
    public bool HasRoot => First.ParentId.IsEmpty;

    /// <summary>The spans in order of arrival.</summary>
    public ReadOnlySpan<Span> Spans => _spans.AsSpan(0, Count);

    /// <summary>The spans with room for more at the end, which belongs to later states of the trace.</summary>
    internal Span[] Buffer => _spans;

    /// <summary>The span of this id; null where it has not come.</summary>
    public Span? Find(SpanId id)
    {
        foreach (var span in Spans)
        {
            if (span.SpanId == id)
            {
                return span;
            }
        }

        return null;
    }
}
