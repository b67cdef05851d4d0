using System.Text;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// The log of one evaluation, samples.jsonl: one <see cref="LogLine"/> a record, each on the disk when
/// <see cref="Append"/> returns. Open, it is locked against other processes.
/// </summary>
internal sealed class EvaluationLog : IDisposable
{
    private readonly FileStream _file;
    private long _sequence;

    private EvaluationLog(FileStream file, IReadOnlyList<EvaluationRecord> records)
    {
        _file = file;
        Records = records;
        _sequence = records.Count;
    }

    /// <summary>What was there when the log was opened.</summary>
    public IReadOnlyList<EvaluationRecord> Records { get; }

    /// <summary>Opens or begins a log. A torn last line, which a crash leaves behind, is cut off.</summary>
    /// <exception cref="RpcException">
    /// FailedPrecondition: the evaluation runs in another process. DataLoss: a line before the last is damaged.
    /// </exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static EvaluationLog Open(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"the evaluation runs in another process: {error.Message}"));
        }

        try
        {
            return Read(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends a record.</summary>
    /// <exception cref="IOException">It cannot be written; the log is as before.</exception>
    public void Append(EvaluationRecord record)
    {
        var end = _file.Position;
        try
        {
            _file.Write(Encoding.UTF8.GetBytes(new LogLine(_sequence + 1, record.ToJson()) + "\n"));
            _file.Flush(flushToDisk: true);
            _sequence++;
        }
        catch (IOException)
        {
            // Half a line, as a full disk leaves it, must not stand before the next one.
            _file.SetLength(end);
            _file.Position = end;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static EvaluationLog Read(FileStream file, string path)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var records = new List<EvaluationRecord>();
        var start = 0;
        while (start < bytes.Length)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            var line = end < 0 ? null : LogLine.Parse(Encoding.UTF8.GetString(bytes, start, end - start));
            if (line is null || line.Sequence != records.Count + 1)
            {
                if (end >= 0 && end + 1 < bytes.Length)
                {
                    throw Damaged(path, records.Count + 1);
                }

                break;
            }

            try
            {
                records.Add(EvaluationRecord.Parse(line.Event));
            }
            catch (InvalidDataException)
            {
                throw Damaged(path, records.Count + 1);
            }

            start = end + 1;
        }

        file.SetLength(start);
        file.Position = start;
        return new EvaluationLog(file, records);
    }

    private static RpcException Damaged(string path, int line) => new(new Status(
        StatusCode.DataLoss, $"line {line} of {path} is damaged: remove the folder to begin the evaluation anew"));
}
