namespace O1Coder.Models;

/// <summary>Names and their values; a name that is not here is looked for outside.</summary>
internal sealed class TemplateScope(TemplateRun run, TemplateScope? outer)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>The rendering.</summary>
    public TemplateRun Run => run;

    /// <summary>The outermost scope.</summary>
    public TemplateScope Root => outer?.Root ?? this;

    /// <summary>The value of a name.</summary>
    public object? Get(string name) =>
        _values.TryGetValue(name, out var value) ? value : outer is null ? Undefined.Value : outer.Get(name);

    /// <summary>Gives a name a value here.</summary>
    public void Set(string name, object? value) => _values[name] = value;
}
