using System.Text;
using System.Text.Json;

namespace O1Coder.Coordinator;

/// <summary>Tells from the first and the last line of a log how a search stands, without reading what lies between.</summary>
internal static class LogGlance
{
    private const int FirstLook = 64 * 1024;

    /// <summary>Whether a search was broken off that a coordinator takes up by itself; see <see cref="LogLease.Resumes"/>.</summary>
    /// <exception cref="InvalidDataException">A newer build wrote the log.</exception>
    public static bool IsBrokenOff(SearchFolder folder)
    {
        if (!File.Exists(folder.LogPath))
        {
            // Broken off between the request and the first line.
            return true;
        }

        using var file = new FileStream(folder.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var lease = FirstLine(file) is { } line ? LogLine.Parse(line) : null;
        if (lease is null)
        {
            // Nothing but a torn line: no event was told.
            return file.Length < FirstLook && !Read(file, 0, (int)file.Length).Contains((byte)'\n');
        }

        using var first = JsonDocument.Parse(lease.Event);
        return LogLease.Read(first.RootElement) is { Resumes: true } && !HasEnded(file);
    }

    private static bool HasEnded(FileStream file)
    {
        for (var look = (long)FirstLook; ; look *= 4)
        {
            var from = Math.Max(0, file.Length - look);
            var bytes = Read(file, from, (int)(file.Length - from));
            var lines = Encoding.UTF8.GetString(bytes).Split('\n');

            // The first piece may be half a line, the last one is empty or torn.
            for (var i = lines.Length - 2; i >= (from == 0 ? 0 : 1); i--)
            {
                if (LogLine.Parse(lines[i]) is { } line)
                {
                    using var one = JsonDocument.Parse(line.Event);
                    return one.RootElement.TryGetProperty("finished", out _) || LogEnd.Read(one.RootElement) is not null;
                }
            }

            if (from == 0)
            {
                return false;
            }
        }
    }

    private static string? FirstLine(FileStream file)
    {
        var bytes = Read(file, 0, (int)Math.Min(file.Length, FirstLook));
        var end = Array.IndexOf(bytes, (byte)'\n');
        return end < 0 ? null : Encoding.UTF8.GetString(bytes, 0, end);
    }

    private static byte[] Read(FileStream file, long from, int length)
    {
        var bytes = new byte[length];
        file.Seek(from, SeekOrigin.Begin);
        return bytes[..file.ReadAtLeast(bytes, length, throwOnEndOfStream: false)];
    }
}
