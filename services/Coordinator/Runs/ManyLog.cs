using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// The log of a run: how problems stand after each grant, and their answers. Lines are those of a search's log; a torn last line
/// is cut off when the log is opened. One coordinator writes it at a time: it holds the run's lock.
/// </summary>
internal sealed class ManyLog : IDisposable
{
    private readonly FileStream _file;
    private long _sequence;

    private ManyLog(FileStream file, long sequence) => (_file, _sequence) = (file, sequence);

    /// <summary>Opens the log, new or old.</summary>
    /// <param name="path">The file.</param>
    /// <param name="standing">Gets the standing of a problem after each of its grants, in order.</param>
    /// <param name="answered">Gets each answer.</param>
    /// <param name="seconds">Gets the seconds that the run had taken at each line.</param>
    /// <exception cref="InvalidDataException">A line before the last is damaged.</exception>
    public static ManyLog Open(
        string path, Action<string, Standing> standing, Action<V1.ProblemAnswered> answered, Action<double> seconds)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var (end, sequence) = (0L, 0L);
            using (var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true))
            {
                while (reader.ReadLine() is { } text)
                {
                    var line = LogLine.Parse(text);
                    if (line is null || line.Sequence != sequence + 1)
                    {
                        if (!reader.EndOfStream)
                        {
                            throw new InvalidDataException($"line {sequence + 1} of {path} is damaged: expected event {sequence + 1} with its checksum");
                        }

                        break;
                    }

                    Read(line.Event, standing, answered, seconds);
                    sequence++;
                    end += Encoding.UTF8.GetByteCount(text) + 1;
                }
            }

            // Also where the last line is whole but for its end: it is written again.
            file.SetLength(Math.Min(end, file.Length));
            file.Position = file.Length;
            if (end > file.Length)
            {
                file.WriteByte((byte)'\n');
            }

            return new ManyLog(file, sequence);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Notes how a problem stands after a grant.</summary>
    public void Append(string problem, Standing standing, double seconds) => Write(new JsonObject
    {
        ["standing"] = new JsonObject
        {
            ["problem"] = problem,
            ["rollouts"] = standing.Rollouts,
            ["tokens"] = standing.Tokens,
            ["sandbox_runs"] = standing.SandboxRuns,
            ["best_value"] = standing.BestValue,
            ["passed"] = standing.Passed,
            ["seconds"] = seconds,
        },
    });

    /// <summary>Notes an answer.</summary>
    public void Append(V1.ProblemAnswered answered, double seconds) => Write(new JsonObject
    {
        ["answered"] = JsonNode.Parse(JsonFormatter.Default.Format(answered)),
        ["seconds"] = seconds,
    });

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void Read(string json, Action<string, Standing> standing, Action<V1.ProblemAnswered> answered, Action<double> seconds)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.TryGetProperty("standing", out var one))
        {
            standing(
                one.GetProperty("problem").GetString()!,
                new Standing(
                    one.GetProperty("rollouts").GetInt32(), one.GetProperty("tokens").GetInt64(), one.GetProperty("sandbox_runs").GetInt32(),
                    one.GetProperty("best_value").GetDouble(), one.GetProperty("passed").GetBoolean()));
            seconds(one.GetProperty("seconds").GetDouble());
        }
        else
        {
            answered(JsonParser.Default.Parse<V1.ProblemAnswered>(root.GetProperty("answered").GetRawText()));
            seconds(root.GetProperty("seconds").GetDouble());
        }
    }

    private void Write(JsonObject one)
    {
        var line = new LogLine(1, ++_sequence, one.ToJsonString());
        _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        _file.Flush(flushToDisk: true);
    }
}
