using System.Text;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>A log as it was read.</summary>
/// <param name="Events">The events, each with its number.</param>
/// <param name="End">How a search ended that did not finish: "cancelled" or "failed: status: message"; else null.</param>
/// <param name="TornTail">The last line was torn or damaged and left out.</param>
internal sealed record EventLog(IReadOnlyList<V1.SolveResponse> Events, string? End, bool TornTail)
{
    /// <summary>The number of the last lease; 0 for none.</summary>
    public int LeaseNumber { get; private init; }

    /// <summary>The last lease; null for none.</summary>
    public LogLease? Lease { get; private init; }

    /// <summary>Bytes of the lines before the torn tail.</summary>
    public long Length { get; private init; }

    /// <summary>Whether the search has finished.</summary>
    public bool Finished => Events.Count > 0 && Events[^1].Finished is not null;

    /// <summary>A log without a line.</summary>
    public static EventLog Empty { get; } = new([], null, TornTail: false);

    /// <summary>Reads a log. A torn last line, which a crash leaves behind, is left out.</summary>
    /// <exception cref="InvalidDataException">
    /// A line before the last is damaged, a number is missing, or a newer build wrote it.
    /// </exception>
    public static EventLog Read(string path)
    {
        byte[] bytes;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            bytes = new byte[file.Length];
            bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }

        var reading = new LogReading(path);
        var start = 0;
        while (start < bytes.Length)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0 || !reading.Take(Encoding.UTF8.GetString(bytes, start, length)))
            {
                // What follows the damage: nothing.
                if (length < 0 || start + length + 1 == bytes.Length)
                {
                    break;
                }

                throw reading.Damage();
            }

            start += length + 1;
        }

        return new EventLog(reading.Events, reading.End?.ToString(), TornTail: start < bytes.Length)
        {
            LeaseNumber = reading.LeaseNumber,
            Lease = reading.Lease,
            Length = start,
        };
    }

    /// <summary>Seconds that were worked on the search up to the log's last line.</summary>
    /// <param name="lastWrite">When the file was written last.</param>
    public double SpentSeconds(DateTimeOffset lastWrite) =>
        Lease is null ? 0 : Lease.SpentSeconds + Math.Max(0, (lastWrite - Lease.At).TotalSeconds);

    /// <summary>The tree that the events build.</summary>
    /// <exception cref="InvalidDataException">See <see cref="SearchReplay.Rebuild"/>.</exception>
    public SearchTree Rebuild() => SearchReplay.Rebuild(Events.Select(EventMapping.FromWire).OfType<SearchEvent>());
}
