using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Store;

/// <summary>
/// The traces that were last added to, bounded by count and by bytes. A trace is held as a state that is replaced when spans
/// come: a reader copies references to the states and has all the time that it wants.
/// </summary>
internal sealed class TraceTable(TelemetryLimits limits)
{
    private const int EntryBytes = 400;

    private readonly Lock _gate = new();
    private readonly Dictionary<TraceId, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byActivity = new();
    private long _bytes;
    private long _version;

    /// <summary>Changes with every span.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What the traces weigh, in bytes, estimated.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How many traces there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Adds spans of any number of traces and says how many found no room in theirs. One that is there already is dropped: an exporter sends again what it believes lost.</summary>
    public int Add(List<Span> spans)
    {
        var rejected = 0;
        lock (_gate)
        {
            foreach (var group in GroupByTrace(spans))
            {
                if (!_entries.TryGetValue(group.Key, out var node))
                {
                    node = new LinkedListNode<Entry>(new Entry());
                    _entries.Add(group.Key, node);
                    _bytes += EntryBytes;
                }
                else
                {
                    _byActivity.Remove(node);
                }

                _byActivity.AddLast(node);
                rejected += Append(node.Value, group.Value);
            }

            while (_entries.Count > limits.MaxTraceCount || (_bytes > limits.MaxTraceBytes && _entries.Count > 1))
            {
                Drop(_byActivity.First!);
            }

            _version++;
        }

        return rejected;
    }

    /// <summary>The trace of this id; null where it is not held.</summary>
    public Trace? Find(TraceId id)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(id, out var node) ? node.Value.State : null;
        }
    }

    /// <summary>All traces, those that were added to last at the end.</summary>
    public List<Trace> Snapshot()
    {
        lock (_gate)
        {
            var traces = new List<Trace>(_entries.Count);
            foreach (var entry in _byActivity)
            {
                if (entry.State is { } trace)
                {
                    traces.Add(trace);
                }
            }

            return traces;
        }
    }

    /// <summary>Forgets the traces that answer.</summary>
    public void Remove(Func<Trace, bool> answers)
    {
        lock (_gate)
        {
            for (var node = _byActivity.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.State is not { } trace || answers(trace))
                {
                    Drop(node);
                }

                node = next;
            }

            _version++;
        }
    }

    private static Dictionary<TraceId, List<Span>> GroupByTrace(List<Span> spans)
    {
        var groups = new Dictionary<TraceId, List<Span>>();
        foreach (var span in spans)
        {
            if (!groups.TryGetValue(span.TraceId, out var group))
            {
                groups.Add(span.TraceId, group = []);
            }

            group.Add(span);
        }

        return groups;
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byActivity.Remove(node);
        _bytes -= node.Value.Bytes + EntryBytes;
        if (node.Value.State is { } trace)
        {
            _entries.Remove(trace.Id);
        }
    }

    private int Append(Entry entry, List<Span> spans)
    {
        var builder = new TraceBuilder(entry.State);
        var rejected = 0;
        foreach (var span in spans)
        {
            if (builder.Count >= limits.MaxTraceSpanCount)
            {
                rejected++;
            }
            else if (entry.Seen.Add(span.SpanId))
            {
                builder.Add(span);
                entry.Bytes += span.Size;
                _bytes += span.Size;
            }
        }

        entry.State = builder.Build();
        return rejected;
    }

    private sealed class Entry
    {
        public Trace? State { get; set; }

        public HashSet<SpanId> Seen { get; } = [];

        public long Bytes { get; set; }
    }
}
