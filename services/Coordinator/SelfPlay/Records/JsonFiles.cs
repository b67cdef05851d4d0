using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace O1Coder.Coordinator;

/// <summary>How self-play's own files are written and read: JSON with snake_case names.</summary>
internal static class JsonFiles
{
    private static readonly JsonSerializerOptions s_line = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions s_indented = new(s_line) { WriteIndented = true };

    /// <summary>Writes one object, as a whole or not at all.</summary>
    public static void Write<T>(string path, T value) =>
        SearchFolder.WriteWhole(path, JsonSerializer.Serialize(value, s_indented) + "\n");

    /// <summary>Writes one object a line, all or none.</summary>
    public static void WriteLines<T>(string path, IEnumerable<T> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.Append(JsonSerializer.Serialize(row, s_line)).Append('\n');
        }

        SearchFolder.WriteWhole(path, text.ToString());
    }

    /// <summary>The object that a file holds; null where there is none or it is not readable.</summary>
    public static T? TryRead<T>(string path) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), s_line);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The objects of a file of lines.</summary>
    /// <exception cref="InvalidDataException">A line is broken.</exception>
    public static IReadOnlyList<T> ReadLines<T>(string path) where T : class =>
    [
        .. File.ReadLines(path).Select((line, i) =>
        {
            try
            {
                return JsonSerializer.Deserialize<T>(line, s_line) ?? throw new JsonException("null");
            }
            catch (JsonException error)
            {
                throw new InvalidDataException($"line {i + 1} of {path} is broken: {error.Message}", error);
            }
        }),
    ];
}
