using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace O1Coder.Coordinator;

/// <summary>
/// One line of a log: <c>{"v":1,"seq":n,"crc":"8 hexadecimal digits","event":{…}}</c>. The CRC-32 is that of the UTF-8
/// bytes of <c>seq</c>, a colon and the event's text as it stands in the line.
/// </summary>
/// <param name="Sequence">The event's number, from 1.</param>
/// <param name="Event">The event as JSON, an object with one field that names its kind.</param>
internal sealed record LogLine(long Sequence, string Event)
{
    private const int Version = 1;

    /// <summary>The line, without its end.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $$"""{"v":{{Version}},"seq":{{Sequence}},"crc":"{{Checksum}}","event":{{Event}}}""");

    private string Checksum => Crc32.HashToUInt32(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Sequence}:{Event}"))).ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Reads a line; null when it is torn, altered or of another version.</summary>
    public static LogLine? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object ||
                !root.TryGetProperty("v", out var version) || !version.TryGetInt32(out var v) || v != Version ||
                !root.TryGetProperty("seq", out var seq) || !seq.TryGetInt64(out var sequence) ||
                !root.TryGetProperty("crc", out var crc) ||
                !root.TryGetProperty("event", out var one))
            {
                return null;
            }

            var read = new LogLine(sequence, one.GetRawText());
            return crc.ValueEquals(read.Checksum) ? read : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
