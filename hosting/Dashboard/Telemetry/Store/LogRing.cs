using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Store;

/// <summary>
/// The last log lines in order of arrival, bounded by count and by bytes. Lines stand in chunks that are written once, so that
/// a reader copies a few dozen references under the lock and looks at the lines without it.
/// </summary>
internal sealed class LogRing(int maxCount, long maxBytes)
{
    private const int ChunkSize = 512;

    private readonly Lock _gate = new();
    private readonly Queue<LogEntry?[]> _chunks = new();
    private LogEntry?[] _last = [];
    private int _usedOfLast = ChunkSize;
    private int _start;
    private int _count;
    private long _bytes;
    private long _version;

    /// <summary>Changes with every line.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What the lines weigh, in bytes, estimated.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How many lines there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds lines; the oldest make room.</summary>
    public void Add(List<LogEntry> entries)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                if (_usedOfLast == ChunkSize)
                {
                    _last = new LogEntry?[ChunkSize];
                    _usedOfLast = 0;
                    _chunks.Enqueue(_last);
                }

                _last[_usedOfLast++] = entry;
                _count++;
                _bytes += entry.Size;
            }

            while (_count > maxCount || (_bytes > maxBytes && _count > 1))
            {
                DropOldest();
            }

            _version++;
        }
    }

    /// <summary>The lines from the oldest to the newest.</summary>
    public List<LogEntry> Snapshot()
    {
        LogEntry?[][] chunks;
        int start;
        int used;
        int count;
        lock (_gate)
        {
            chunks = [.. _chunks];
            (start, used, count) = (_start, _usedOfLast, _count);
        }

        var entries = new List<LogEntry>(count);
        for (var index = 0; index < chunks.Length; index++)
        {
            var end = index == chunks.Length - 1 ? used : ChunkSize;
            for (var slot = index == 0 ? start : 0; slot < end; slot++)
            {
                // Null where it was dropped since.
                if (Volatile.Read(ref chunks[index][slot]) is { } entry)
                {
                    entries.Add(entry);
                }
            }
        }

        return entries;
    }

    /// <summary>Forgets the lines that answer, or all.</summary>
    public void Remove(Func<LogEntry, bool> answers)
    {
        lock (_gate)
        {
            var kept = Snapshot().FindAll(entry => !answers(entry));
            _chunks.Clear();
            (_last, _usedOfLast, _start, _count, _bytes) = ([], ChunkSize, 0, 0, 0);
            Add(kept);
        }
    }

    private void DropOldest()
    {
        var chunk = _chunks.Peek();
        _bytes -= chunk[_start]!.Size;
        Volatile.Write(ref chunk[_start], null);
        _count--;
        _start++;
        if (_start == ChunkSize)
        {
            _chunks.Dequeue();
            _start = 0;
        }
    }
}
