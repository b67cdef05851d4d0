using System.Buffers;
using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>The objects of a JSON file, one a line or in one array, one at a time; memory is one object.</summary>
internal static class JsonRows
{
    /// <summary>The largest object, bytes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Reads the objects.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Each object, or what is wrong with it.</returns>
    /// <exception cref="DataSetFormatException">The file cannot be read, or its array is broken beyond one object.</exception>
    public static IEnumerable<RawRow> Read(string path) => StartsArray(path) ? ReadArray(path) : ReadLines(path);

    private static IEnumerable<RawRow> ReadLines(string path)
    {
        foreach (var (number, bytes, error) in Utf8Lines.Read(path, MaxBytes))
        {
            yield return error is null ? RowOf(path, number, bytes) : new RawRow(null, new DataFault(path, number, "", error));
        }
    }

    private static IEnumerable<RawRow> ReadArray(string path)
    {
        foreach (var (line, bytes, error) in JsonArrayItems.Read(path, MaxBytes))
        {
            yield return error is null ? RowOf(path, line, bytes) : new RawRow(null, new DataFault(path, line, "", error));
        }
    }

    private static RawRow RowOf(string path, long line, ReadOnlyMemory<byte> bytes)
    {
        var json = JsonText.Parse(new ReadOnlySequence<byte>(bytes), out var error);
        return error is not null
            ? new RawRow(null, new DataFault(path, line, "", $"is not valid JSON: {error}"))
            : json.ValueKind != JsonValueKind.Object
            ? new RawRow(null, new DataFault(path, line, "", $"is {JsonText.NameOf(json.ValueKind)}; expected a JSON object"))
            : new RawRow(new JsonRow(path, line, json), null);
    }

    private static bool StartsArray(string path)
    {
        using var stream = Utf8Lines.Open(path);
        var buffer = new byte[4096];
        var length = Utf8Lines.Fill(stream, path, buffer);
        var text = buffer.AsSpan(0, length);
        text = text.StartsWith(System.Text.Encoding.UTF8.Preamble) ? text[3..] : text;
        return text.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
    }
}
