using System.Globalization;
using System.Numerics;
using System.Text;

namespace O1Coder.Sandbox.Plain;

/// <summary>Writes values for people and as JSON.</summary>
internal static class PlainText
{
    private const int LongestShown = 8192;
    private const int LongestNumberBits = 40_000;

    /// <summary>The value as Python's repr writes it; the end is left out of one of more than 8,192 characters.</summary>
    public static string Show(PlainValue value)
    {
        var text = new StringBuilder();
        Show(value, text);
        return text.Length <= LongestShown ? text.ToString() : text.ToString(0, LongestShown);
    }

    /// <summary>The value as JSON, for a checker's files; tuples and sets become arrays, keys texts.</summary>
    public static string Json(PlainValue value)
    {
        var text = new StringBuilder();
        Json(value, text);
        return text.ToString();
    }

    private static void Show(PlainValue value, StringBuilder text)
    {
        if (text.Length > LongestShown)
        {
            return;
        }

        switch (value.Kind)
        {
            case PlainKind.Null:
                text.Append("None");
                break;
            case PlainKind.Bool:
                text.Append(value.Integer.IsZero ? "False" : "True");
                break;
            case PlainKind.Integer:
                Number(value.Integer, text);
                break;
            case PlainKind.Float:
                text.Append(value.Text);
                break;
            case PlainKind.Fraction:
                Number(value.Integer, text.Append("Fraction("));
                Number(value.Denominator, text.Append(", "));
                text.Append(')');
                break;
            case PlainKind.Text:
                Quote(value.Text, text);
                break;
            case PlainKind.Bytes:
                text.Append('b');
                Quote(Encoding.Latin1.GetString(value.Bytes.AsSpan(0, Math.Min(value.Bytes.Length, LongestShown))), text, latin: true);
                break;
            case PlainKind.List:
                Sequence(value, '[', ']', text);
                break;
            case PlainKind.Tuple:
                Sequence(value, '(', ')', text);
                break;
            case PlainKind.Set when value.Items.Count == 0:
                text.Append("set()");
                break;
            case PlainKind.Set or PlainKind.Map:
                Sequence(value, '{', '}', text);
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"<{value.Text}>");
                break;
        }
    }

    private static void Number(BigInteger value, StringBuilder text)
    {
        // Writing out a number of a million digits takes longer than any test.
        _ = value.GetBitLength() > LongestNumberBits
            ? text.Append(CultureInfo.InvariantCulture, $"<a number of {value.GetBitLength()} bits>")
            : text.Append(value.ToString(CultureInfo.InvariantCulture));
    }

    private static void Sequence(PlainValue value, char opener, char closer, StringBuilder text)
    {
        text.Append(opener);
        for (var i = 0; i < value.Items.Count && text.Length <= LongestShown; i++)
        {
            text.Append(i == 0 ? "" : value.Kind == PlainKind.Map && i % 2 == 1 ? ": " : ", ");
            Show(value.Items[i], text);
        }

        text.Append(value.Kind == PlainKind.Tuple && value.Items.Count == 1 ? "," : "").Append(closer);
    }

    // Single quotes unless the text holds such and no double ones.
    private static void Quote(string value, StringBuilder text, bool latin = false)
    {
        var quote = value.Contains('\'') && !value.Contains('"') ? '"' : '\'';
        text.Append(quote);
        for (var i = 0; i < value.Length && text.Length <= LongestShown; i++)
        {
            var c = value[i];
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when c == quote => text.Append('\\').Append(quote),
                < ' ' or (>= '\x7f' and <= '\xa0') or '\xad' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                > '\x7f' when latin => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ when char.IsSurrogate(c) && !IsPaired(value, i) => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append(quote);
    }

    private static bool IsPaired(string value, int at) => char.IsHighSurrogate(value[at])
        ? at + 1 < value.Length && char.IsLowSurrogate(value[at + 1])
        : at > 0 && char.IsHighSurrogate(value[at - 1]);

    private static void Json(PlainValue value, StringBuilder text)
    {
        switch (value.Kind)
        {
            case PlainKind.Null:
                text.Append("null");
                break;
            case PlainKind.Bool:
                text.Append(value.Integer.IsZero ? "false" : "true");
                break;
            case PlainKind.Integer:
                Number(value.Integer, text);
                break;
            case PlainKind.Float:
                text.Append(JsonFloat(value));
                break;
            case PlainKind.Text:
                JsonQuote(value.Text, text);
                break;
            case PlainKind.Map:
                text.Append('{');
                for (var i = 0; i < value.Items.Count; i += 2)
                {
                    JsonQuote(JsonKey(value.Items[i]) ?? Show(value.Items[i]), text.Append(i == 0 ? "" : ", "));
                    Json(value.Items[i + 1], text.Append(": "));
                }

                text.Append('}');
                break;
            case PlainKind.List or PlainKind.Tuple or PlainKind.Set:
                text.Append('[');
                for (var i = 0; i < value.Items.Count; i++)
                {
                    Json(value.Items[i], text.Append(i == 0 ? "" : ", "));
                }

                text.Append(']');
                break;
            default:
                JsonQuote(Show(value), text);
                break;
        }
    }

    /// <summary>What JSON writes for a dictionary's key; null for one that it cannot write.</summary>
    public static string? JsonKey(PlainValue key) => key.Kind switch
    {
        PlainKind.Text => key.Text,
        PlainKind.Null => "null",
        PlainKind.Bool => key.Integer.IsZero ? "false" : "true",
        PlainKind.Integer when key.Integer.GetBitLength() <= LongestNumberBits => key.Integer.ToString(CultureInfo.InvariantCulture),
        PlainKind.Float => JsonFloat(key),
        _ => null,
    };

    private static string JsonFloat(PlainValue value) =>
        double.IsNaN(value.Float) ? "NaN" : double.IsInfinity(value.Float) ? (value.Float > 0 ? "Infinity" : "-Infinity") : value.Text;

    private static void JsonQuote(string value, StringBuilder text)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            _ = c is '"' or '\\' ? text.Append('\\').Append(c)
                : c < ' ' || (char.IsSurrogate(c) && !IsPaired(value, i)) ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : text.Append(c);
        }

        text.Append('"');
    }
}
