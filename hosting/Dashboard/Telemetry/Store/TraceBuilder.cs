using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Store;

/// <summary>
/// Makes the next state of a trace. States share their buffer of spans: the next one writes only behind what the one before
/// can see.
/// </summary>
internal sealed class TraceBuilder
{
    private const int FirstCapacity = 4;

    private readonly List<ResourceShare> _resources;
    private Span[] _spans;
    private Span? _first;
    private long _start = long.MaxValue;
    private long _end = long.MinValue;
    private int _errors;
    private bool _genAi;

    /// <summary>Begins at a state, or at nothing.</summary>
    public TraceBuilder(Trace? before)
    {
        _spans = before?.Buffer ?? [];
        _resources = [.. before?.Resources ?? []];
        if (before is not null)
        {
            Count = before.Count;
            (_first, _start, _end, _errors, _genAi) = (before.First, before.Start, before.End, before.Errors, before.HasGenAi);
        }
    }

    /// <summary>Spans so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a span that is not there yet.</summary>
    public void Add(Span span)
    {
        if (Count == _spans.Length)
        {
            Array.Resize(ref _spans, Math.Max(FirstCapacity, Count * 2));
        }

        _spans[Count++] = span;
        _start = Math.Min(_start, span.Start);
        _end = Math.Max(_end, span.End);
        _genAi |= span.IsGenAi;
        var error = span.Status == SpanStatus.Error ? 1 : 0;
        _errors += error;
        if (_first is null || IsBefore(span, _first))
        {
            _first = span;
        }

        var index = _resources.FindIndex(share => ReferenceEquals(share.Resource, span.Resource));
        if (index < 0)
        {
            _resources.Add(new ResourceShare(span.Resource, 1, error));
        }
        else
        {
            var share = _resources[index];
            _resources[index] = share with { Spans = share.Spans + 1, Errors = share.Errors + error };
        }
    }

    /// <summary>The state; null while there is no span.</summary>
    public Trace? Build() => _first is null
        ? null
        : new Trace(_first.TraceId, _spans, Count, _first, _end, _errors, _genAi, [.. _resources]) { Start = _start };

    // A root stands before what has a parent, whenever it began: clocks of machines differ.
    private static bool IsBefore(Span span, Span other) =>
        span.ParentId.IsEmpty != other.ParentId.IsEmpty ? span.ParentId.IsEmpty : span.Start < other.Start;
}
