using System.Text.Json;
using Google.Protobuf;

namespace O1Coder.Coordinator;

/// <summary>
/// Reads a log line by line, as it stands or while it grows. A lease that begins says how many events it found: what an
/// older lease wrote beyond them, before that line or behind it, does not count, so that every event is there once.
/// </summary>
/// <param name="path">The file's name, for messages.</param>
internal sealed class LogReading(string path)
{
    private static readonly JsonParser s_json = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    private readonly List<V1.SolveResponse> _events = [];
    private int _lines;

    /// <summary>The events that count, each with its number.</summary>
    public IReadOnlyList<V1.SolveResponse> Events => _events;

    /// <summary>The number of the lease in force; 0 before the first.</summary>
    public int LeaseNumber { get; private set; }

    /// <summary>The lease in force; null before the first.</summary>
    public LogLease? Lease { get; private set; }

    /// <summary>How the search ended that did not finish; null where it goes on, was broken off or finished.</summary>
    public LogEnd? End { get; private set; }

    /// <summary>Takes the next whole line.</summary>
    /// <returns>False: the line is damaged; nothing has changed.</returns>
    /// <exception cref="InvalidDataException">The line is of a newer version.</exception>
    public bool Take(string text)
    {
        var line = LogLine.Parse(text);
        if (line is null || line.Lease > LeaseNumber + 1)
        {
            return false;
        }

        using var document = JsonDocument.Parse(line.Event);
        if (LogLease.Read(document.RootElement) is { } lease)
        {
            if (line.Lease != LeaseNumber + 1 || line.Sequence > _events.Count || line.Sequence < 0)
            {
                return false;
            }

            _events.RemoveRange((int)line.Sequence, _events.Count - (int)line.Sequence);
            (LeaseNumber, Lease, End) = (line.Lease, lease, null);
        }
        else if (line.Lease > LeaseNumber)
        {
            return false;
        }
        else if (line.Lease == LeaseNumber)
        {
            if (line.Sequence != _events.Count + 1)
            {
                return false;
            }

            End = LogEnd.Read(document.RootElement);
            if (End is null)
            {
                var one = s_json.Parse<V1.SolveResponse>(line.Event);
                one.Sequence = line.Sequence;
                _events.Add(one);
            }
        }

        _lines++;
        return true;
    }

    /// <summary>What is wrong with the line that <see cref="Take"/> refused.</summary>
    public InvalidDataException Damage() =>
        new($"line {_lines + 1} of {path} is damaged: expected event {_events.Count + 1} with its checksum");
}
