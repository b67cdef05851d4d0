namespace O1Coder.Models;

/// <summary>What a filter, test, method or macro is called with.</summary>
/// <param name="Positional">By place.</param>
/// <param name="Named">By name.</param>
internal sealed record TemplateArguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    /// <summary>None.</summary>
    public static TemplateArguments None { get; } = new([], new Dictionary<string, object?>());

    /// <summary>The argument at a place or of a name, or <paramref name="absent"/>.</summary>
    public object? Get(int place, string name, object? absent) =>
        place < Positional.Count ? Positional[place] : Named.TryGetValue(name, out var value) ? value : absent;

    /// <summary>A text at a place.</summary>
    /// <exception cref="TemplateException">There is none.</exception>
    public string Text(int place, string name) => Get(place, name, null) as string
        ?? throw new TemplateException($"argument {place + 1}, {name}, is no text");
}
