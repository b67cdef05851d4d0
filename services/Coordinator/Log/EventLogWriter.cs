using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Appends a search's events to its log, one line each. A line is with the operating system when the call returns, and
/// on the disk after each rollout and at the end.
/// </summary>
internal sealed class EventLogWriter : IDisposable
{
    private static readonly JsonFormatter s_json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    private readonly FileStream _file;
    private long _sequence;

    /// <summary>Opens a new log.</summary>
    /// <param name="path">The file; it must not exist.</param>
    public EventLogWriter(string path) => _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);

    /// <summary>Appends an event, giving it its number.</summary>
    public void Append(V1.SolveResponse one)
    {
        one.Sequence = 0;
        var json = s_json.Format(one);
        one.Sequence = Write(json);
        if (one.RolloutFinished is not null || one.Started is not null || one.Finished is not null)
        {
            _file.Flush(flushToDisk: true);
        }
    }

    /// <summary>Notes that the search ended because the caller cancelled it or went away.</summary>
    public void AppendCancelled() => AppendEnd(new JsonObject { ["cancelled"] = new JsonObject() });

    /// <summary>Notes that the search ended by an error.</summary>
    public void AppendFailed(StatusCode status, string message) => AppendEnd(
        new JsonObject { ["failed"] = new JsonObject { ["status"] = status.ToString(), ["message"] = message } });

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void AppendEnd(JsonObject end)
    {
        Write(end.ToJsonString());
        _file.Flush(flushToDisk: true);
    }

    private long Write(string json)
    {
        var line = new LogLine(++_sequence, json);
        _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        _file.Flush();
        return line.Sequence;
    }
}
