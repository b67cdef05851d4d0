using System.Text.Json;
using Google.Protobuf;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>A log as it was read.</summary>
/// <param name="Events">The events, each with its number.</param>
/// <param name="End">How a search ended that did not finish: "cancelled" or "failed: status: message"; else null.</param>
/// <param name="TornTail">The last line was torn or damaged and left out.</param>
internal sealed record EventLog(IReadOnlyList<V1.SolveResponse> Events, string? End, bool TornTail)
{
    private static readonly JsonParser s_json = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>Reads a log. A torn last line, which a crash leaves behind, is left out.</summary>
    /// <exception cref="InvalidDataException">A line before the last is damaged, or a number is missing.</exception>
    public static EventLog Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        var lines = text.Split('\n');
        var events = new List<V1.SolveResponse>();
        string? end = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var last = i == lines.Length - 1;
            if (last && lines[i].Length == 0)
            {
                break;
            }

            var line = last ? null : LogLine.Parse(lines[i]);
            if (line is null || line.Sequence != i + 1)
            {
                // What follows the damage: nothing, or the empty rest after a final line end.
                if (last || (i == lines.Length - 2 && lines[^1].Length == 0))
                {
                    return new EventLog(events, end, TornTail: true);
                }

                throw new InvalidDataException($"line {i + 1} of {path} is damaged: expected event {i + 1} with its checksum");
            }

            end = ReadEnd(line.Event);
            if (end is null)
            {
                var one = s_json.Parse<V1.SolveResponse>(line.Event);
                one.Sequence = line.Sequence;
                events.Add(one);
            }
        }

        return new EventLog(events, end, TornTail: false);
    }

    /// <summary>The tree that the events build.</summary>
    /// <exception cref="InvalidDataException">See <see cref="SearchReplay.Rebuild"/>.</exception>
    public SearchTree Rebuild() => SearchReplay.Rebuild(Events.Select(EventMapping.FromWire).OfType<SearchEvent>());

    private static string? ReadEnd(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return root.TryGetProperty("cancelled", out _) ? "cancelled"
            : root.TryGetProperty("failed", out var failed)
                ? $"failed: {failed.GetProperty("status").GetString()}: {failed.GetProperty("message").GetString()}"
                : null;
    }
}
