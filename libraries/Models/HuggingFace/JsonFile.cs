using System.Text.Json;
using System.Text.Unicode;

namespace O1Coder.Models;

/// <summary>Reads small JSON files of models and adapters.</summary>
internal static class JsonFile
{
    private const long LongestFile = 64 << 20;

    /// <summary>Reads a file that holds one object.</summary>
    /// <exception cref="ModelFormatException">It is missing, too long, cannot be read, or holds no JSON object.</exception>
    public static JsonDocument Read(string path) => Parse(path, ReadBytes(path));

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="ModelFormatException">It is missing, too long or cannot be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return !file.Exists || file.Length <= LongestFile
                ? File.ReadAllBytes(path)
                : throw new ModelFormatException(path, "length", $"{file.Length} bytes", $"at most {LongestFile}");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException($"missing {Path.GetFileName(path)} in {Path.GetDirectoryName(Path.GetFullPath(path))}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Parses what a file held.</summary>
    /// <exception cref="ModelFormatException">It is no JSON object.</exception>
    public static JsonDocument Parse(string path, byte[] content)
    {
        try
        {
            RequireUnicode(path, content);
            var document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            throw new ModelFormatException($"{path}: holds no JSON object");
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException($"{path}: is no valid JSON: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>Every text must be Unicode: the parser itself looks at bytes and escapes only when a text is asked for.</summary>
    /// <exception cref="ModelFormatException">There are bytes that are no UTF-8, or escapes of half a surrogate pair.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static void RequireUnicode(string path, ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content);
        var unicode = Utf8.IsValid(content);
        while (unicode && reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                try
                {
                    _ = reader.GetString();
                }
                catch (InvalidOperationException)
                {
                    unicode = false;
                }
            }
        }

        if (!unicode)
        {
            throw new ModelFormatException($"{path}: has text that is no Unicode");
        }
    }
}
