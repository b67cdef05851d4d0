using System.Globalization;
using System.Text;

namespace O1Coder.Models;

/// <summary>Writes values as Python's <c>json.dumps</c> does without ASCII escapes, which is what <c>tojson</c> is in chat templates.</summary>
internal static class TemplateJson
{
    /// <summary>Writes a value, on one line or, with an indent, on many.</summary>
    public static string Write(object? value, long? indent)
    {
        var json = new StringBuilder();
        Write(json, value, indent is >= 0 and <= 16 ? (int)indent : null, 0);
        return json.ToString();
    }

    private static void Write(StringBuilder json, object? value, int? indent, int depth)
    {
        switch (value)
        {
            case var _ when depth > 50 || json.Length > TemplateRun.MostCharacters:
                throw new TemplateException("a value is nested too deeply or is too long to be written");
            case null:
                json.Append("null");
                break;
            case bool flag:
                json.Append(flag ? "true" : "false");
                break;
            case long number:
                json.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                json.Append(TemplateValues.Number(number));
                break;
            case string text:
                WriteText(json, text);
                break;
            case List<object?> list:
                WriteAll(json, '[', ']', list, item => Write(json, item, indent, depth + 1), indent, depth);
                break;
            case TemplateMap map:
                WriteAll(json, '{', '}', [.. map.Entries], entry =>
                {
                    WriteText(json, entry.Key);
                    json.Append(": ");
                    Write(json, entry.Value, indent, depth + 1);
                }, indent, depth);
                break;
            default:
                throw new TemplateException("tojson of what is undefined or a function");
        }
    }

    private static void WriteAll<T>(StringBuilder json, char open, char close, List<T> items, Action<T> write, int? indent, int depth)
    {
        json.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            json.Append(i == 0 ? "" : indent is null ? ", " : ",");
            NewLine(depth + 1);
            write(items[i]);
        }

        if (items.Count > 0)
        {
            NewLine(depth);
        }

        json.Append(close);

        void NewLine(int level)
        {
            if (indent is { } width)
            {
                json.Append('\n').Append(' ', width * level);
            }
        }
    }

    private static void WriteText(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => json.Append(unit),
            };
        }

        json.Append('"');
    }
}
