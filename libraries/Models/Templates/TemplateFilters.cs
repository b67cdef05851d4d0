using System.Globalization;
using System.Text;
using Filter = System.Func<object?, O1Coder.Models.TemplateArguments, object?>;

namespace O1Coder.Models;

/// <summary>The filters that templates use after <c>|</c>.</summary>
internal static class TemplateFilters
{
    private static readonly Dictionary<string, Filter> s_known = new(StringComparer.Ordinal)
    {
        ["trim"] = (value, arguments) => arguments.Get(0, "chars", null) is string chars ? Text(value).Trim(chars.ToCharArray()) : Text(value).Trim(),
        ["upper"] = (value, _) => Text(value).ToUpperInvariant(),
        ["lower"] = (value, _) => Text(value).ToLowerInvariant(),
        ["capitalize"] = (value, _) => Capitalize(Text(value)),
        ["title"] = (value, _) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Text(value).ToLowerInvariant()),
        ["string"] = (value, _) => Text(value),
        ["safe"] = (value, _) => value,
        ["length"] = (value, _) => TemplateValues.Length(value),
        ["count"] = (value, _) => TemplateValues.Length(value),
        ["default"] = Default,
        ["d"] = Default,
        ["tojson"] = (value, arguments) => TemplateJson.Write(value, arguments.Get(0, "indent", null) as long?),
        ["join"] = (value, arguments) => TemplateMethods.Join(
            arguments.Get(0, "d", "") as string ?? "", Attributes(value, arguments.Get(1, "attribute", null)).ToList()),
        ["replace"] = Replace,
        ["first"] = (value, _) => TemplateValues.Items(value) is [var first, ..] ? first : Undefined.Value,
        ["last"] = (value, _) => TemplateValues.Items(value) is [.., var last] ? last : Undefined.Value,
        ["list"] = (value, _) => TemplateValues.Items(value).ToList(),
        ["reverse"] = (value, _) => value is string text ? string.Concat(TemplateValues.Items(text).AsEnumerable().Reverse())
            : TemplateValues.Items(value).AsEnumerable().Reverse().ToList(),
        ["unique"] = (value, _) => Unique(TemplateValues.Items(value)),
        ["items"] = (value, _) => value is TemplateMap map
            ? map.Entries.Select(entry => (object?)new List<object?> { entry.Key, entry.Value }).ToList() : new List<object?>(),
        ["int"] = (value, arguments) => value switch
        {
            double number when Math.Abs(number) < 1e15 => (long)number,
            bool flag => flag ? 1L : 0L,
            string text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) ? whole : arguments.Get(0, "default", 0L),
            long whole => whole,
            _ => arguments.Get(0, "default", 0L),
        },
        ["abs"] = (value, _) => value switch
        {
            long whole when whole != long.MinValue => (object)Math.Abs(whole),
            double number => Math.Abs(number),
            _ => throw new TemplateException("abs of what is no number"),
        },
        ["indent"] = Indent,
        ["map"] = (value, arguments) => arguments.Named.TryGetValue("attribute", out var attribute)
            ? Attributes(value, attribute).ToList()
            : Find(arguments.Text(0, "filter")) is { } filter
                ? TemplateValues.Items(value).ConvertAll(item => filter(item, Rest(arguments, 1)))
                : throw new TemplateException($"filter '{arguments.Text(0, "filter")}' is not known"),
        ["select"] = (value, arguments) => Select(value, arguments, 0, item => item, true),
        ["reject"] = (value, arguments) => Select(value, arguments, 0, item => item, false),
        ["selectattr"] = (value, arguments) => Select(value, arguments, 1, Member(arguments), true),
        ["rejectattr"] = (value, arguments) => Select(value, arguments, 1, Member(arguments), false),
    };

    /// <summary>The filter of a name, or null.</summary>
    public static Filter? Find(string name) => s_known.GetValueOrDefault(name);

    private static string Text(object? value) => TemplateValues.Text(value);

    private static string Capitalize(string text) =>
        text.Length == 0 ? text : text[..1].ToUpperInvariant() + text[1..].ToLowerInvariant();

    private static object? Default(object? value, TemplateArguments arguments)
    {
        var absent = arguments.Get(0, "default_value", "");
        return value is Undefined || (TemplateValues.IsTrue(arguments.Get(1, "boolean", false)) && !TemplateValues.IsTrue(value)) ? absent : value;
    }

    private static string Replace(object? value, TemplateArguments arguments)
    {
        var (text, old, changed) = (Text(value), arguments.Text(0, "old"), arguments.Text(1, "new"));
        if (old.Length == 0 || (long)text.Length / old.Length * changed.Length > TemplateRun.MostCharacters)
        {
            throw new TemplateException("an empty text cannot be replaced, nor one by so long a text so often");
        }

        if (arguments.Get(2, "count", null) is not long count || count < 0)
        {
            return text.Replace(old, changed, StringComparison.Ordinal);
        }

        var replaced = new StringBuilder();
        var done = 0;
        for (; count > 0 && text.IndexOf(old, done, StringComparison.Ordinal) is >= 0 and var place; count--)
        {
            replaced.Append(text.AsSpan(done, place - done)).Append(changed);
            done = place + old.Length;
        }

        return replaced.Append(text.AsSpan(done)).ToString();
    }

    private static string Indent(object? value, TemplateArguments arguments)
    {
        var width = arguments.Get(0, "width", 4L) as long? is >= 0 and <= 100 and var given ? given : throw new TemplateException("indent's width is not from 0 to 100");
        var blanks = new string(' ', (int)width);
        var lines = Text(value).Split('\n');
        var first = TemplateValues.IsTrue(arguments.Get(1, "first", false));
        return string.Join('\n', lines.Select((line, i) => (i == 0 ? first : line.Length > 0) ? blanks + line : line));
    }

    private static IEnumerable<object?> Attributes(object? value, object? attribute) => attribute is null
        ? TemplateValues.Items(value)
        : TemplateValues.Items(value).Select(item => attribute is string path
            ? path.Split('.').Aggregate(item, TemplateValues.Member) : TemplateValues.Item(item, attribute));

    private static Func<object?, object?> Member(TemplateArguments arguments)
    {
        var name = arguments.Text(0, "attribute");
        return item => name.Split('.').Aggregate(item, TemplateValues.Member);
    }

    private static List<object?> Select(object? value, TemplateArguments arguments, int place, Func<object?, object?> of, bool wanted)
    {
        var name = arguments.Get(place, "test", null) as string;
        var test = name is null ? (item, _) => TemplateValues.IsTrue(item)
            : TemplateChecks.Find(name) ?? throw new TemplateException($"test '{name}' is not known");
        var rest = Rest(arguments, place + 1);
        return TemplateValues.Items(value).FindAll(item => test(of(item), rest) == wanted);
    }

    private static TemplateArguments Rest(TemplateArguments arguments, int place) =>
        new([.. arguments.Positional.Skip(place)], arguments.Named);

    private static List<object?> Unique(List<object?> items)
    {
        var unique = new List<object?>();
        foreach (var item in items)
        {
            if (!unique.Exists(other => TemplateValues.AreEqual(other, item)))
            {
                unique.Add(item);
            }
        }

        return unique;
    }
}
