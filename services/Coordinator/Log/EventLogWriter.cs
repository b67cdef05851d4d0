using System.Text;
using Google.Protobuf;

namespace O1Coder.Coordinator;

/// <summary>
/// Appends a search's events to its log, one line each, under a lease of its own. A line is with the operating system
/// when the call returns, and on the disk after each rollout and at the end.
/// </summary>
internal sealed class EventLogWriter : IDisposable
{
    private static readonly JsonFormatter s_json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    private readonly FileStream _file;
    private readonly int _lease;
    private long _sequence;

    /// <summary>Opens a new log.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <param name="lease">Who writes.</param>
    public EventLogWriter(string path, LogLease lease)
        : this(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read), EventLog.Empty, lease)
    {
    }

    private EventLogWriter(FileStream file, EventLog read, LogLease lease)
    {
        _file = file;
        _lease = read.LeaseNumber + 1;
        _sequence = read.Events.Count;
        Write(_sequence, lease.ToJson());
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Opens a log to go on after its last event; its torn tail is cut off.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">The log as it was read under the search's lock.</param>
    /// <param name="lease">Who writes.</param>
    public static EventLogWriter Continue(string path, EventLog read, LogLease lease)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read);
        file.SetLength(read.Length);
        file.Seek(0, SeekOrigin.End);
        return new EventLogWriter(file, read, lease);
    }

    /// <summary>Appends an event, giving it its number.</summary>
    /// <exception cref="IOException">Another lease has begun: this one ends here.</exception>
    public void Append(V1.SolveResponse one)
    {
        one.Sequence = 0;
        var json = s_json.Format(one);
        one.Sequence = Write(++_sequence, json);
        if (one.RolloutFinished is not null || one.Started is not null || one.Finished is not null)
        {
            _file.Flush(flushToDisk: true);
        }
    }

    /// <summary>Notes that the search ended without a result.</summary>
    public void AppendEnd(LogEnd end)
    {
        Write(++_sequence, end.ToJson());
        _file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private long Write(long sequence, string json)
    {
        // A file that grew by itself has another writer, who took the lease over while this one was thought dead.
        if (RandomAccess.GetLength(_file.SafeFileHandle) != _file.Position)
        {
            throw new IOException($"lease {_lease} of {_file.Name} was taken over by another coordinator");
        }

        _file.Write(Encoding.UTF8.GetBytes(new LogLine(_lease, sequence, json) + "\n"));
        _file.Flush();
        LogSignals.Tell(_file.Name);
        return sequence;
    }
}
