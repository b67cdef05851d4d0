using System.Globalization;
using System.Text;

namespace O1Coder.Models;

/// <summary>
/// What can be done with values as Python has them: null (none), <see cref="Undefined"/>, bool, long, double, string, lists,
/// <see cref="TemplateMap"/> and functions.
/// </summary>
internal static class TemplateValues
{
    /// <summary>Whether a value counts as true.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        TemplateMap map => map.Count > 0,
        _ => true,
    };

    /// <summary>What a value writes.</summary>
    public static string Text(object? value) => value switch
    {
        Undefined => "",
        string text => text,
        _ => Representation(value),
    };

    /// <summary>A value as Python's <c>repr</c> shows it.</summary>
    private static string Representation(object? value)
    {
        var text = new StringBuilder();
        Represent(text, value, 0);
        return text.ToString();
    }

    private static void Represent(StringBuilder text, object? value, int depth)
    {
        switch (value)
        {
            case var _ when depth > 50 || text.Length > TemplateRun.MostCharacters:
                throw new TemplateException("a value is nested too deeply or is too long to be written");
            case null:
                text.Append("None");
                break;
            case Undefined:
                text.Append("Undefined");
                break;
            case bool flag:
                text.Append(flag ? "True" : "False");
                break;
            case long number:
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                text.Append(Number(number));
                break;
            case string characters:
                var quote = characters.Contains('\'') && !characters.Contains('"') ? '"' : '\'';
                text.Append(quote).Append(Escaped(characters, quote)).Append(quote);
                break;
            case List<object?> list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    text.Append(i > 0 ? ", " : "");
                    Represent(text, list[i], depth + 1);
                }

                text.Append(']');
                break;
            case TemplateMap map:
                text.Append('{');
                foreach (var (i, (key, item)) in map.Entries.Index())
                {
                    text.Append(i > 0 ? ", " : "");
                    Represent(text, key, depth + 1);
                    text.Append(": ");
                    Represent(text, item, depth + 1);
                }

                text.Append('}');
                break;
            default:
                throw new TemplateException("a function cannot be written");
        }
    }

    /// <summary>A number as Python shows it.</summary>
    public static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture) is var text &&
        text.AsSpan().ContainsAny(".Ena") ? text : text + ".0";

    /// <summary>The items of a list, the characters of a text, the keys of a mapping; none of what is undefined.</summary>
    public static List<object?> Items(object? value) => value switch
    {
        List<object?> list => list,
        Undefined => [],
        string text => [.. text.EnumerateRunes().Select(rune => (object?)rune.ToString())],
        TemplateMap map => [.. map.Entries.Select(entry => (object?)entry.Key)],
        _ => throw new TemplateException($"{Text(value)} has no items"),
    };

    /// <summary>How long a text, list or mapping is.</summary>
    public static long Length(object? value) => value switch
    {
        string text => text.EnumerateRunes().Count(),
        TemplateMap map => map.Count,
        _ => Items(value).Count,
    };

    /// <summary>A member by its name.</summary>
    public static object? Member(object? value, string name) => value switch
    {
        TemplateMap map => map[name],
        Undefined => throw new TemplateException($"member '{name}' of something that is undefined"),
        _ => Undefined.Value,
    };

    /// <summary>An item by its place or key.</summary>
    public static object? Item(object? value, object? key) => (value, key) switch
    {
        (TemplateMap map, string name) => map[name],
        (TemplateMap, _) => Undefined.Value,
        (Undefined, _) => throw new TemplateException("an item of something that is undefined"),
        (string or List<object?>, long place) => Items(value) is var items && (place < 0 ? place + items.Count : place) is var index &&
            index >= 0 && index < items.Count ? items[(int)index] : Undefined.Value,
        _ => Undefined.Value,
    };

    /// <summary>A stretch of a list or text, with Python's rules for what is missing or negative.</summary>
    public static object? Slice(object? value, object? start, object? end, object? step)
    {
        var items = value is string or List<object?> ? Items(value) : throw new TemplateException("only lists and texts have stretches");
        var by = step is null ? 1 : step as long? ?? throw new TemplateException("a stretch's step is no whole number");
        by = Math.Clamp(by, -int.MaxValue, int.MaxValue);
        if (by == 0)
        {
            throw new TemplateException("a stretch's step is 0");
        }

        var (low, high) = by > 0 ? (0L, (long)items.Count) : (-1L, items.Count - 1L);
        var from = Bound(start, by > 0 ? low : high);
        var to = Bound(end, by > 0 ? high : low);
        var taken = new List<object?>();
        for (var i = from; by > 0 ? i < to : i > to; i += by)
        {
            taken.Add(items[(int)i]);
        }

        return value is string ? string.Concat(taken) : taken;

        long Bound(object? bound, long absent) => bound switch
        {
            null => absent,
            long place => Math.Clamp(place < 0 ? place + items.Count : place, low, high),
            _ => throw new TemplateException("a stretch's bound is no whole number"),
        };
    }

    /// <summary>Compares two values.</summary>
    public static bool Compare(string name, object? left, object? right) => name switch
    {
        "==" => AreEqual(left, right),
        "!=" => !AreEqual(left, right),
        "in" => Contains(right, left),
        "not in" => !Contains(right, left),
        "<" => Order(left, right) < 0,
        "<=" => Order(left, right) <= 0,
        ">" => Order(left, right) > 0,
        _ => Order(left, right) >= 0,
    };

    /// <summary>Whether two values are equal; numbers and booleans by their value.</summary>
    public static bool AreEqual(object? left, object? right)
    {
        var comparisons = 1 << 20;
        return AreEqual(left, right, ref comparisons);
    }

    private static bool AreEqual(object? left, object? right, ref int comparisons)
    {
        if (--comparisons < 0)
        {
            throw new TemplateException("values are too large to be compared");
        }

        switch (left, right)
        {
            case (string one, string other):
                return one == other;
            case (List<object?> one, List<object?> other):
                var same = one.Count == other.Count;
                for (var i = 0; same && i < one.Count; i++)
                {
                    same = AreEqual(one[i], other[i], ref comparisons);
                }

                return same;
            case (TemplateMap one, TemplateMap other):
                var equal = one.Count == other.Count;
                foreach (var (key, value) in one.Entries)
                {
                    equal = equal && other.Contains(key) && AreEqual(value, other[key], ref comparisons);
                }

                return equal;
            default:
                return AsNumber(left) is { } first && AsNumber(right) is { } second ? first == second : ReferenceEquals(left, right);
        }
    }

    /// <summary>Whether a list or mapping has an item, or a text another.</summary>
    public static bool Contains(object? whole, object? part) => whole switch
    {
        string text => part is string other ? text.Contains(other, StringComparison.Ordinal)
            : throw new TemplateException("only a text can be in a text"),
        TemplateMap map => part is string key && map.Contains(key),
        _ => Items(whole).Exists(item => AreEqual(item, part)),
    };

    /// <summary>Adds, subtracts, multiplies, divides or joins.</summary>
    public static object? Calculate(string name, object? left, object? right)
    {
        switch (name)
        {
            case "~":
                return Text(left) + Text(right);
            case "+" when left is string first && right is string second:
                return first + second;
            case "+" when left is List<object?> first && right is List<object?> second:
                return first.Concat(second).ToList();
            case "*" when left is string text && right is long times:
                return times <= (1 << 20) / Math.Max(1, text.Length) ? new StringBuilder().Insert(0, text, (int)Math.Max(0, times)).ToString()
                    : throw new TemplateException("a text is repeated too often");
        }

        if (Whole(left) is { } one && Whole(right) is { } other && name != "/")
        {
            return name switch
            {
                "+" => one + other,
                "-" => one - other,
                "*" => one * other,
                _ when other is 0 or -1 => other == 0 ? throw new TemplateException("a division by 0") : name == "%" ? 0 : -one,
                "//" => (one / other) - (one % other != 0 && (one < 0) != (other < 0) ? 1 : 0),
                _ => (one % other) + (one % other != 0 && (one < 0) != (other < 0) ? other : 0),
            };
        }

        if (AsNumber(left) is not { } x || AsNumber(right) is not { } y)
        {
            throw new TemplateException($"{name} of values that it is not for: {Kind(left)} and {Kind(right)}");
        }

        return name switch
        {
            "+" => x + y,
            "-" => x - y,
            "*" => x * y,
            _ when y == 0 => throw new TemplateException("a division by 0"),
            "/" => x / y,
            "//" => Math.Floor(x / y),
            _ => x - (Math.Floor(x / y) * y),
        };
    }

    private static string Kind(object? value) => value switch
    {
        null => "none",
        Undefined => "undefined",
        string => "a text",
        List<object?> => "a list",
        TemplateMap => "a mapping",
        bool or long or double => "a number",
        _ => "a function",
    };

    private static int Order(object? left, object? right) => (left, right) switch
    {
        (string one, string other) => string.CompareOrdinal(one, other),
        _ when AsNumber(left) is { } one && AsNumber(right) is { } other => one.CompareTo(other),
        _ => throw new TemplateException($"{Kind(left)} and {Kind(right)} have no order"),
    };

    private static long? Whole(object? value) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    private static double? AsNumber(object? value) => value is double number ? number : Whole(value);

    private static string Escaped(string text, char quote) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal).Replace(quote.ToString(), "\\" + quote, StringComparison.Ordinal);
}
