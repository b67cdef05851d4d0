namespace O1Coder.Models;

/// <summary>A mapping in the order in which its keys came; a namespace is one that may be changed.</summary>
internal sealed class TemplateMap
{
    private readonly OrderedDictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>Whether statements may set members.</summary>
    public bool IsNamespace { get; init; }

    /// <summary>Its entries.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Entries => _values;

    /// <summary>How many there are.</summary>
    public int Count => _values.Count;

    /// <summary>The value of a key; setting adds it.</summary>
    public object? this[string key]
    {
        get => _values.TryGetValue(key, out var value) ? value : Undefined.Value;
        set => _values[key] = value;
    }

    /// <summary>Whether the key is there.</summary>
    public bool Contains(string key) => _values.ContainsKey(key);
}
