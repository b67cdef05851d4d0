using System.Diagnostics.CodeAnalysis;

namespace O1Coder.Models;

/// <summary>The metadata of a GGUF file: keys and typed values.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A dictionary of its own kind, named as the format names it.")]
public sealed class GgufMetadata
{
    private readonly string _file;
    private readonly Dictionary<string, object> _values;

    internal GgufMetadata(string file, Dictionary<string, object> values)
    {
        _file = file;
        _values = values;
    }

    /// <summary>All keys.</summary>
    public IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>Whether the key is there.</summary>
    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>A string.</summary>
    /// <exception cref="ModelFormatException">The key is missing or holds something else.</exception>
    public string GetString(string key) => Get<string>(key, "a string");

    /// <summary>An integer of any width.</summary>
    /// <param name="key">The key.</param>
    /// <param name="least">The smallest allowed value.</param>
    /// <param name="most">The largest allowed value.</param>
    /// <exception cref="ModelFormatException">The key is missing, holds something else, or is out of range.</exception>
    public int GetInt32(string key, int least = int.MinValue, int most = int.MaxValue)
    {
        var expected = $"an integer from {least} to {most}";
        var value = Find(key) switch
        {
            null => throw Missing(key, expected),
            long integer => integer,
            ulong integer => (Int128)integer,
            var other => throw new ModelFormatException(_file, key, Describe(other), expected),
        };
        return value >= least && value <= most
            ? (int)value
            : throw new ModelFormatException(_file, key, $"{value}", expected);
    }

    /// <summary>An integer, or <paramref name="absent"/> if the key is missing.</summary>
    /// <exception cref="ModelFormatException">The key holds something else or is out of range.</exception>
    public int GetInt32(string key, int absent, int least, int most) =>
        Contains(key) ? GetInt32(key, least, most) : absent;

    /// <summary>A finite float of either width.</summary>
    /// <exception cref="ModelFormatException">The key is missing, holds something else, or is not finite.</exception>
    public float GetSingle(string key)
    {
        const string Expected = "a finite number";
        var value = Find(key) switch
        {
            null => throw Missing(key, Expected),
            float number => number,
            double number => (float)number,
            var other => throw new ModelFormatException(_file, key, Describe(other), Expected),
        };
        return float.IsFinite(value) ? value : throw new ModelFormatException(_file, key, $"{value}", Expected);
    }

    /// <summary>A boolean.</summary>
    /// <exception cref="ModelFormatException">The key is missing or holds something else.</exception>
    public bool GetBoolean(string key) => Find(key) switch
    {
        null => throw Missing(key, "a boolean"),
        bool value => value,
        var other => throw new ModelFormatException(_file, key, Describe(other), "a boolean"),
    };

    /// <summary>An array of strings.</summary>
    /// <exception cref="ModelFormatException">The key is missing or holds something else.</exception>
    public IReadOnlyList<string> GetStrings(string key) => Get<string[]>(key, "an array of strings");

    /// <summary>An array of single-precision numbers.</summary>
    /// <exception cref="ModelFormatException">The key is missing or holds something else.</exception>
    public IReadOnlyList<float> GetSingles(string key) => Get<float[]>(key, "an array of numbers");

    /// <summary>An array of 32-bit integers, signed or not.</summary>
    /// <exception cref="ModelFormatException">The key is missing, holds something else, or a value beyond 2^31 − 1.</exception>
    public IReadOnlyList<int> GetInt32s(string key)
    {
        const string Expected = "an array of integers below 2^31";

        // The runtime lets uint[] pass as int[]: the exact type decides.
        var value = Find(key) ?? throw Missing(key, Expected);
        if (value.GetType() == typeof(int[]))
        {
            return (int[])value;
        }

        if (value.GetType() != typeof(uint[]))
        {
            throw new ModelFormatException(_file, key, Describe(value), Expected);
        }

        var numbers = Array.ConvertAll((uint[])value, number => number <= int.MaxValue ? (int)number : -1);
        return !numbers.Contains(-1) ? numbers : throw new ModelFormatException(_file, key, "too large", Expected);
    }

    /// <summary>The file and a key, for messages of those who interpret its value.</summary>
    internal string Locate(string key) => $"{_file}: {key}";

    /// <summary>Makes the exception of a value that was read but does not fit; for those who interpret metadata.</summary>
    internal ModelFormatException Wrong(string key, string value, string expected) => new(_file, key, value, expected);

    private static string Describe(object value) => value switch
    {
        string => "a string",
        long or ulong => "an integer",
        float or double => "a floating-point number",
        bool => "a boolean",
        Array array => $"an array of {array.GetType().GetElementType()!.Name}",
        _ => value.GetType().Name,
    };

    private T Get<T>(string key, string expected) where T : class => Find(key) switch
    {
        null => throw Missing(key, expected),
        T value => value,
        var other => throw new ModelFormatException(_file, key, Describe(other), expected),
    };

    private object? Find(string key) => _values.GetValueOrDefault(key);

    private ModelFormatException Missing(string key, string expected) => new(_file, key, "missing", expected);
}
