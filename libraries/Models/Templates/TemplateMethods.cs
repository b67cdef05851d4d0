namespace O1Coder.Models;

/// <summary>The methods of texts, mappings and lists that templates use.</summary>
internal static class TemplateMethods
{
    /// <summary>Calls a method, or a function that is a member.</summary>
    /// <exception cref="TemplateException">There is none of this name.</exception>
    public static object? Call(object? of, string name, TemplateArguments arguments, TemplateRun run)
    {
        run.Step((of as string)?.Length ?? 0);
        return of switch
        {
            string text => CallText(text, name, arguments),
            TemplateMap map when map[name] is Func<TemplateArguments, TemplateRun, object?> function => function(arguments, run),
            TemplateMap map => CallMap(map, name, arguments),
            List<object?> list => CallList(list, name, arguments),
            Undefined => throw new TemplateException($"method '{name}' of something that is undefined"),
            _ => throw Unknown(name),
        };
    }

    /// <summary>Joins what values write.</summary>
    public static string Join(string separator, List<object?> values)
    {
        var length = (long)separator.Length * values.Count;
        var texts = new List<string>();
        foreach (var value in values)
        {
            texts.Add(TemplateValues.Text(value));
            length += texts[^1].Length;
            if (length > TemplateRun.MostCharacters)
            {
                throw new TemplateException("a joined text is too long");
            }
        }

        return string.Join(separator, texts);
    }

    private static object? CallText(string text, string name, TemplateArguments arguments)
    {
        switch (name)
        {
            case "strip":
                return arguments.Get(0, "chars", null) is string around ? text.Trim(around.ToCharArray()) : text.Trim();
            case "lstrip":
                return arguments.Get(0, "chars", null) is string before ? text.TrimStart(before.ToCharArray()) : text.TrimStart();
            case "rstrip":
                return arguments.Get(0, "chars", null) is string after ? text.TrimEnd(after.ToCharArray()) : text.TrimEnd();
            case "startswith":
                return Any(arguments, part => text.StartsWith(part, StringComparison.Ordinal));
            case "endswith":
                return Any(arguments, part => text.EndsWith(part, StringComparison.Ordinal));
            case "upper":
                return text.ToUpperInvariant();
            case "lower":
                return text.ToLowerInvariant();
            case "title" or "capitalize":
                return TemplateFilters.Find(name)!(text, arguments);
            case "isdigit":
                return text.Length > 0 && text.All(char.IsDigit);
            case "find":
                return (long)text.IndexOf(arguments.Text(0, "sub"), StringComparison.Ordinal);
            case "replace":
                return TemplateFilters.Find("replace")!(text, arguments);
            case "join":
                return Join(text, TemplateValues.Items(arguments.Get(0, "iterable", Undefined.Value)));
            case "split":
                return Split(text, arguments, fromEnd: false);
            case "rsplit":
                return Split(text, arguments, fromEnd: true);
            case "splitlines":
                return text.Length == 0 ? [] : Texts((text.EndsWith('\n') ? text[..^1] : text).Split('\n'));
            default:
                throw Unknown(name);
        }
    }

    private static object? CallMap(TemplateMap map, string name, TemplateArguments arguments) => name switch
    {
        "items" => map.Entries.Select(entry => (object?)new List<object?> { entry.Key, entry.Value }).ToList(),
        "keys" => TemplateValues.Items(map),
        "values" => map.Entries.Select(entry => entry.Value).ToList(),
        "get" => arguments.Text(0, "key") is var key && map.Contains(key) ? map[key] : arguments.Get(1, "default", null),
        _ => throw Unknown(name),
    };

    private static long CallList(List<object?> list, string name, TemplateArguments arguments)
    {
        var item = arguments.Get(0, "item", Undefined.Value);
        switch (name)
        {
            case "index":
                return list.FindIndex(other => TemplateValues.AreEqual(other, item)) is >= 0 and var place ? (long)place
                    : throw new TemplateException("an item whose index is asked for is not in its list");
            case "count":
                return (long)list.Count(other => TemplateValues.AreEqual(other, item));
            default:
                throw Unknown(name);
        }
    }

    private static bool Any(TemplateArguments arguments, Func<string, bool> passes) => arguments.Get(0, "prefix", null) switch
    {
        string part => passes(part),
        List<object?> parts => parts.OfType<string>().Any(passes),
        _ => throw new TemplateException("startswith and endswith want a text or several"),
    };

    private static List<object?> Split(string text, TemplateArguments arguments, bool fromEnd)
    {
        var most = arguments.Get(1, "maxsplit", -1L) as long? ?? throw new TemplateException("maxsplit is no whole number");
        if (arguments.Get(0, "sep", null) is not string separator)
        {
            return most < 0 ? Texts(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                : throw new TemplateException("split by whitespace with a limit is not known");
        }

        if (separator.Length == 0)
        {
            throw new TemplateException("split by an empty text");
        }

        if (!fromEnd || most < 0)
        {
            return Texts(text.Split(separator, most < 0 ? int.MaxValue : (int)Math.Min(most + 1, int.MaxValue)));
        }

        var parts = new List<string>();
        while (parts.Count < most && text.LastIndexOf(separator, StringComparison.Ordinal) is >= 0 and var place)
        {
            parts.Insert(0, text[(place + separator.Length)..]);
            text = text[..place];
        }

        return Texts([text, .. parts]);
    }

    private static List<object?> Texts(IEnumerable<string> texts) => [.. texts];

    private static TemplateException Unknown(string name) => new($"method '{name}' is not known");
}
