using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>How this library reads and writes JSON: strictly, and without escapes that people cannot read.</summary>
internal static class JsonText
{
    /// <summary>The deepest nesting of arrays and objects.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Parses one value.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="error">What is wrong with it, or null.</param>
    /// <returns>The value, apart from the document that it came in; default with an error.</returns>
    public static JsonElement Parse(ReadOnlySequence<byte> utf8, out string? error)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, s_strict);
            error = null;
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            error = Explain(e);
            return default;
        }
    }

    /// <summary>As <see cref="Parse(ReadOnlySequence{byte}, out string?)"/>, of a text.</summary>
    public static JsonElement Parse(string text, out string? error) =>
        Parse(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)), out error);

    /// <summary>Writes one value on one line; a line break follows.</summary>
    public static void WriteLine(Stream stream, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(stream, s_readable))
        {
            write(json);
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>One value as a text.</summary>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_readable))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>"text", "a list" and the like.</summary>
    public static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };

    // The parser's message without its own line number, which counts within one line of the file.
    private static string Explain(JsonException e)
    {
        var text = e.Message;
        var end = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        text = (end < 0 ? text : text[..end]).TrimEnd('.', ' ');
        var clean = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return e.BytePositionInLine is { } at ? $"{clean} (byte {at + 1})" : clean;
    }
}
