using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Serialization;

namespace O1Coder.Problems.DataSets;

/// <summary>The rows of a parquet file as JSON objects; memory is one row group, the least that the format can be read by.</summary>
internal static class ParquetRows
{
    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Whether a file begins as parquet files do.</summary>
    /// <exception cref="DataSetFormatException">The file cannot be read.</exception>
    public static bool Looks(string path)
    {
        using var stream = Utf8Lines.Open(path);
        Span<byte> start = stackalloc byte[4];
        return stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual(Magic);
    }

    /// <summary>Reads the rows.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataSetFormatException">The file cannot be read or is no valid parquet file.</exception>
    public static IEnumerable<RawRow> Read(string path)
    {
        using var stream = Utf8Lines.Open(path);
        CheckEnd(stream, path);
        var groups = Guard(path, () => CountGroups(stream));
        var number = 0L;
        for (var group = 0; group < groups; group++)
        {
            var index = group;
            var rows = Guard(path, () => Wait(ParquetSerializer.DeserializeUntypedAsync(stream, null, index)).Data);
            for (var i = 0; i < rows.Count; i++)
            {
                number++;
                var json = JsonText.Parse(JsonText.Of(writer => Write(writer, rows[i], 0)), out var error);
                yield return error is null
                    ? new RawRow(new JsonRow(path, number, json, isRow: true), null)
                    : new RawRow(null, new DataFault(path, number, "", error, IsRow: true));
                rows[i] = null!; // The row is not needed twice.
            }
        }
    }

    private static int CountGroups(Stream stream)
    {
        var reader = Wait(ParquetReader.CreateAsync(stream, null, leaveStreamOpen: true));
        try
        {
            return reader.RowGroupCount;
        }
        finally
        {
            Wait(reader.DisposeAsync().AsTask());
        }
    }

    private static void CheckEnd(FileStream stream, string path)
    {
        Span<byte> end = stackalloc byte[4];
        if (stream.Length < 12 || stream.Seek(-4, SeekOrigin.End) < 0 || stream.ReadAtLeast(end, 4, throwOnEndOfStream: false) < 4 || !end.SequenceEqual(Magic))
        {
            throw new DataSetFormatException(new DataFault(path, 0, "", "is no whole parquet file; expected \"PAR1\" at its end"));
        }

        stream.Position = 0;
    }

    // The parser below throws whatever a broken file makes it stumble over.
    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var text = e.Message.ReplaceLineEndings(" ");
            throw new DataSetFormatException(new DataFault(path, 0, "", $"is no valid parquet file: {text}"), e);
        }
    }

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Write(Utf8JsonWriter json, object? value, int depth)
    {
        switch (value)
        {
            case null:
            case double.NaN or double.PositiveInfinity or double.NegativeInfinity:
            case float.NaN or float.PositiveInfinity or float.NegativeInfinity:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case ReadOnlyMemory<char> text:
                json.WriteStringValue(text.Span);
                break;
            case byte[] bytes:
                json.WriteStringValue(Encoding.UTF8.GetString(bytes));
                break;
            case ReadOnlyMemory<byte> bytes:
                json.WriteStringValue(Encoding.UTF8.GetString(bytes.Span));
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case float or double:
                json.WriteNumberValue(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case IDictionary map when depth < JsonText.MaxDepth:
                json.WriteStartObject();
                foreach (DictionaryEntry entry in map)
                {
                    json.WritePropertyName(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "");
                    Write(json, entry.Value, depth + 1);
                }

                json.WriteEndObject();
                break;
            case IEnumerable list when depth < JsonText.MaxDepth:
                json.WriteStartArray();
                foreach (var item in list)
                {
                    Write(json, item, depth + 1);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
