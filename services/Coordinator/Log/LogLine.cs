using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace O1Coder.Coordinator;

/// <summary>
/// One line of a log: <c>{"v":2,"lease":l,"seq":n,"crc":"8 hexadecimal digits","event":{…}}</c>. The CRC-32 is that of the
/// UTF-8 bytes of <c>lease</c>, <c>seq</c> and the event's text as it stands in the line, with colons between. Lines of
/// version 1 have no lease, in the checksum neither.
/// </summary>
/// <param name="Lease">Which opening of the log wrote the line, from 1; 0 in a log without leases, which is of version 1.</param>
/// <param name="Sequence">
/// The event's number, from 1. A line that begins a lease has the number of the event before it.
/// </param>
/// <param name="Event">The event as JSON, an object with one field that names its kind.</param>
internal sealed record LogLine(int Lease, long Sequence, string Event)
{
    /// <summary>The version that is written; it and those before it are read.</summary>
    public const int Version = 2;

    /// <summary>A line of a log without leases.</summary>
    public LogLine(long sequence, string json)
        : this(0, sequence, json)
    {
    }

    /// <summary>The line, without its end.</summary>
    public override string ToString() => Lease == 0
        ? string.Create(CultureInfo.InvariantCulture, $$"""{"v":1,"seq":{{Sequence}},"crc":"{{Checksum}}","event":{{Event}}}""")
        : string.Create(CultureInfo.InvariantCulture, $$"""{"v":{{Version}},"lease":{{Lease}},"seq":{{Sequence}},"crc":"{{Checksum}}","event":{{Event}}}""");

    private string Checksum => Crc32.HashToUInt32(Encoding.UTF8.GetBytes(Lease == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Sequence}:{Event}")
        : string.Create(CultureInfo.InvariantCulture, $"{Lease}:{Sequence}:{Event}"))).ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Reads a line; null when it is torn or altered.</summary>
    /// <exception cref="InvalidDataException">The line is of a newer version than this build knows.</exception>
    public static LogLine? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("v", out var version) || !version.TryGetInt32(out var v))
            {
                return null;
            }

            if (v > Version)
            {
                throw new InvalidDataException($"the log is of version {v}: expected at most {Version}; a newer build wrote it");
            }

            var lease = 0;
            if (v < 1 || (v > 1 && (!root.TryGetProperty("lease", out var number) || !number.TryGetInt32(out lease) || lease < 1)) ||
                !root.TryGetProperty("seq", out var seq) || !seq.TryGetInt64(out var sequence) ||
                !root.TryGetProperty("crc", out var crc) ||
                !root.TryGetProperty("event", out var one))
            {
                return null;
            }

            var read = new LogLine(lease, sequence, one.GetRawText());
            return crc.ValueEquals(read.Checksum) ? read : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
