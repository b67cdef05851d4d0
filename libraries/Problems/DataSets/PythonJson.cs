using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>JSON values as Python literals, and back.</summary>
internal static class PythonJson
{
    private const int MaxDepth = 64;

    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON value as a Python expression: true is True, null is None, a list a list, an object a dict.</summary>
    /// <exception cref="InvalidOperationException">A text holds half of a surrogate pair.</exception>
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    /// <summary>Reads the literals that JSON has a word for, as JSON.</summary>
    /// <param name="source">Python source.</param>
    /// <param name="at">Where the literal starts; moved behind it.</param>
    /// <returns>The JSON text, or null where there is another expression, for example a tuple or a call.</returns>
    public static string? ReadJson(string source, ref int at)
    {
        var json = new StringBuilder();
        return Read(source, ref at, json, 0) ? json.ToString() : null;
    }

    /// <summary>Moves over white space.</summary>
    public static void SkipSpace(string source, ref int at)
    {
        while (at < source.Length && char.IsWhiteSpace(source[at]))
        {
            at++;
        }
    }

    private static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True:
                text.Append("True");
                break;
            case JsonValueKind.False:
                text.Append("False");
                break;
            case JsonValueKind.Number:
                text.Append(value.GetRawText());
                break;
            case JsonValueKind.String:
                AppendText(text, value.GetString()!);
                break;
            case JsonValueKind.Array:
                AppendAll(text, '[', value.EnumerateArray(), Append, ']');
                break;
            case JsonValueKind.Object:
                AppendAll(text, '{', value.EnumerateObject(), AppendPair, '}');
                break;
            default:
                text.Append("None");
                break;
        }
    }

    private static void AppendPair(StringBuilder text, JsonProperty pair)
    {
        AppendText(text, pair.Name);
        text.Append(": ");
        Append(text, pair.Value);
    }

    private static void AppendAll<T>(StringBuilder text, char open, IEnumerable<T> items, Action<StringBuilder, T> append, char close)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            text.Append(isFirst ? "" : ", ");
            append(text, item);
            isFirst = false;
        }

        text.Append(close);
    }

    private static void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or '\u007f' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    private static bool Read(string source, ref int at, StringBuilder json, int depth)
    {
        SkipSpace(source, ref at);
        if (at >= source.Length || depth > MaxDepth)
        {
            return false;
        }

        var c = source[at];
        return c switch
        {
            '[' => ReadAll(source, ref at, json, ']', false, depth),
            '{' => ReadAll(source, ref at, json, '}', true, depth),
            '"' or '\'' => ReadText(source, ref at, json),
            '-' or (>= '0' and <= '9') => ReadNumber(source, ref at, json),
            _ => ReadWord(source, ref at, json, "True", "true") || ReadWord(source, ref at, json, "False", "false")
                || ReadWord(source, ref at, json, "None", "null"),
        };
    }

    private static bool ReadAll(string source, ref int at, StringBuilder json, char close, bool isDict, int depth)
    {
        json.Append(source[at++]);
        for (var count = 0; !ReadSymbol(source, ref at, close); count++)
        {
            if (count > 0 && !ReadSymbol(source, ref at, ','))
            {
                return false;
            }

            if (count > 0 && ReadSymbol(source, ref at, close))
            {
                break; // A comma may stand behind the last item.
            }

            json.Append(count > 0 ? "," : "");
            if (isDict && !ReadKey(source, ref at, json))
            {
                return false;
            }

            if (!Read(source, ref at, json, depth + 1))
            {
                return false;
            }
        }

        json.Append(close);
        return true;
    }

    private static bool ReadKey(string source, ref int at, StringBuilder json)
    {
        SkipSpace(source, ref at);
        if (at >= source.Length || source[at] is not ('"' or '\'') || !ReadText(source, ref at, json) || !ReadSymbol(source, ref at, ':'))
        {
            return false;
        }

        json.Append(':');
        return true;
    }

    private static bool ReadSymbol(string source, ref int at, char symbol)
    {
        SkipSpace(source, ref at);
        var found = at < source.Length && source[at] == symbol;
        at += found ? 1 : 0;
        return found;
    }

    private static bool ReadText(string source, ref int at, StringBuilder json)
    {
        var quote = source[at];
        var value = new StringBuilder();
        for (at++; at < source.Length && source[at] != '\n'; at++)
        {
            if (source[at] == quote)
            {
                at++;
                json.Append(JsonSerializer.Serialize(value.ToString(), s_readable));

                // '''…''' and texts side by side are other expressions.
                var next = at;
                SkipSpace(source, ref next);
                return next >= source.Length || source[next] is not ('"' or '\'');
            }

            if (source[at] != '\\')
            {
                value.Append(source[at]);
                continue;
            }

            at++;
            var plain = at < source.Length ? "\\'\"nrt".IndexOf(source[at], StringComparison.Ordinal) : -1;
            if (plain >= 0)
            {
                value.Append("\\'\"\n\r\t"[plain]);
            }
            else if (at < source.Length && source[at] is 'x' or 'u')
            {
                var digits = source[at] == 'x' ? 2 : 4;
                if (at + digits >= source.Length || !ushort.TryParse(source.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                    || char.IsSurrogate((char)code))
                {
                    return false;
                }

                value.Append((char)code);
                at += digits;
            }
            else
            {
                return false;
            }
        }

        return false;
    }

    private static bool ReadNumber(string source, ref int at, StringBuilder json)
    {
        var start = at;
        at++;
        while (at < source.Length && (char.IsAsciiLetterOrDigit(source[at]) || source[at] is '.' or '_' || (source[at] is '+' or '-' && source[at - 1] is 'e' or 'E')))
        {
            at++;
        }

        var text = source[start..at];
        try
        {
            using var document = JsonDocument.Parse(text);
            json.Append(text);
            return true;
        }
        catch (JsonException)
        {
            return false; // 0x10, 1_000 and the like.
        }
    }

    private static bool ReadWord(string source, ref int at, StringBuilder json, string word, string jsonWord)
    {
        var end = at + word.Length;
        if (!source.AsSpan(at).StartsWith(word, StringComparison.Ordinal) || (end < source.Length && (char.IsLetterOrDigit(source[end]) || source[end] == '_')))
        {
            return false;
        }

        at = end;
        json.Append(jsonWord);
        return true;
    }
}
