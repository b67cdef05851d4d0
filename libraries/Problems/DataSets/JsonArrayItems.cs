using System.Text;
using System.Text.Unicode;

namespace O1Coder.Problems.DataSets;

/// <summary>
/// Cuts the items out of a JSON array without reading it whole; memory is one item. It looks at quotes and brackets alone:
/// whether an item is valid is for a parser to say.
/// </summary>
internal static class JsonArrayItems
{
    /// <summary>Reads the items.</summary>
    /// <param name="path">A file whose first character that is not blank is '['.</param>
    /// <param name="maxBytes">The largest item, bytes.</param>
    /// <returns>Each item with the line that it starts on, from 1: its bytes, valid until the next, or what is wrong with it.</returns>
    /// <exception cref="DataSetFormatException">The array is never closed, or something stands behind it.</exception>
    public static IEnumerable<(long Line, ReadOnlyMemory<byte> Bytes, string? Error)> Read(string path, int maxBytes)
    {
        using var stream = Utf8Lines.Open(path);
        var buffer = new byte[64 * 1024];
        var item = new MemoryStream();
        var (line, itemLine, depth) = (1L, 0L, 0);
        var (inText, isEscaped, isTooLong, isClosed, wantsItem) = (false, false, false, false, true);
        for (var skip = SkipMark(stream, path, buffer, out var length); length > 0; length = Utf8Lines.Fill(stream, path, buffer), skip = 0)
        {
            for (var i = skip; i < length; i++)
            {
                var c = buffer[i];
                line += c == '\n' ? 1 : 0;
                if (isClosed)
                {
                    if (!IsBlank(c))
                    {
                        throw Fault(path, line, "something stands behind the array's \"]\"; expected the end of the file");
                    }

                    continue;
                }

                if (depth == 0)
                {
                    depth = c == '[' ? 1 : 0;
                    continue;
                }

                if (depth == 1 && !inText && c is (byte)',' or (byte)']')
                {
                    if (item.Length > 0 || isTooLong)
                    {
                        yield return Finish(item, itemLine, isTooLong, maxBytes);
                    }
                    else if (c == ',' || !wantsItem)
                    {
                        yield return (line, default, $"nothing stands before this \"{(char)c}\"; expected a JSON object");
                    }

                    item.SetLength(0);
                    isTooLong = false;
                    isClosed = c == ']';
                    wantsItem = false;
                    continue;
                }

                if (item.Length == 0 && !isTooLong)
                {
                    if (IsBlank(c))
                    {
                        continue;
                    }

                    itemLine = line;
                }

                depth += inText ? 0 : c is (byte)'[' or (byte)'{' ? 1 : c is (byte)']' or (byte)'}' ? -1 : 0;
                inText ^= c == '"' && !isEscaped;
                isEscaped = inText && c == '\\' && !isEscaped;
                if (isTooLong || item.Length >= maxBytes)
                {
                    isTooLong = true;
                    item.SetLength(0);
                }
                else
                {
                    item.WriteByte(c);
                }
            }
        }

        if (!isClosed)
        {
            throw Fault(path, item.Length > 0 || isTooLong ? itemLine : line, "the array is never closed; expected \"]\" at its end");
        }
    }

    private static (long Line, ReadOnlyMemory<byte> Bytes, string? Error) Finish(MemoryStream item, long line, bool isTooLong, int maxBytes)
    {
        if (isTooLong)
        {
            return (line, default, $"the item is longer than {Utf8Lines.Size(maxBytes)}");
        }

        var bytes = item.GetBuffer().AsMemory(0, (int)item.Length);
        return Utf8.IsValid(bytes.Span) ? (line, bytes, null) : (line, default, "the item is not UTF-8 text");
    }

    private static int SkipMark(Stream stream, string path, byte[] buffer, out int length)
    {
        length = Utf8Lines.Fill(stream, path, buffer);
        return buffer.AsSpan(0, length).StartsWith(Encoding.UTF8.Preamble) ? 3 : 0;
    }

    private static bool IsBlank(byte c) => c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static DataSetFormatException Fault(string path, long line, string detail) => new(new DataFault(path, line, "", detail));
}
