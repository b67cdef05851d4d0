using System.Text;
using System.Text.Unicode;

namespace O1Coder.Problems.DataSets;

/// <summary>
/// The lines of a text file, one at a time; memory is one line. '\n' and "\r\n" end a line, a byte order mark is skipped,
/// blank lines are left out. A line that is too long is passed over without being kept.
/// </summary>
internal static class Utf8Lines
{
    /// <summary>Reads the lines.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The longest line, bytes.</param>
    /// <returns>Each line with its number from 1: its bytes, valid until the next, or what is wrong with it.</returns>
    /// <exception cref="DataSetFormatException">The file is missing or cannot be read.</exception>
    public static IEnumerable<(long Number, ReadOnlyMemory<byte> Bytes, string? Error)> Read(string path, int maxBytes)
    {
        using var stream = Open(path);
        var buffer = new byte[Math.Min(maxBytes, 64 * 1024) + 1];
        var (start, end, number) = (0, 0, 1L);
        var isTooLong = false;
        var isAtEnd = false;
        while (true)
        {
            var found = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (found < 0 && !isAtEnd)
            {
                if (isTooLong)
                {
                    start = end = 0;
                }
                else if (end - start > maxBytes)
                {
                    isTooLong = true;
                    start = end = 0;
                }
                else if (start > 0)
                {
                    buffer.AsSpan(start, end - start).CopyTo(buffer);
                    (start, end) = (0, end - start);
                }
                else if (end == buffer.Length)
                {
                    Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, (long)maxBytes + 1));
                }

                var read = Fill(stream, path, buffer.AsSpan(end));
                isAtEnd = read == 0;
                end += read;
                continue;
            }

            var length = found < 0 ? end - start : found;
            var line = buffer.AsMemory(start, length);
            if (number == 1 && line.Span.StartsWith(Encoding.UTF8.Preamble))
            {
                line = line[3..];
            }

            if (isTooLong || length > maxBytes)
            {
                yield return (number, default, $"the line is longer than {Size(maxBytes)}");
            }
            else if (!line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                yield return Utf8.IsValid(line.Span) ? (number, line, null) : (number, default, "the line is not UTF-8 text");
            }

            if (found < 0)
            {
                yield break;
            }

            start += length + 1;
            number++;
            isTooLong = false;
        }
    }

    /// <summary>Opens a file to read it from its start to its end.</summary>
    /// <exception cref="DataSetFormatException">The file is missing or cannot be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return Directory.Exists(path)
                ? throw Fault(path, "is a folder; expected a file")
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Fault(path, "no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads what there is next.</summary>
    public static int Fill(Stream stream, string path, Span<byte> buffer)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>"64 MiB" or "256 bytes".</summary>
    public static string Size(long bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : bytes >= 1 << 10 ? $"{bytes >> 10} KiB" : $"{bytes} bytes";

    private static DataSetFormatException Fault(string path, string detail, Exception? inner = null) =>
        new(new DataFault(path, 0, "", detail), inner);
}
