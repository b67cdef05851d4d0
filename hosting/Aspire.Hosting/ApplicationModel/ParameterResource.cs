namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from outside: from configuration (<c>Parameters:{name}</c>), or its default.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="callback">Gives the value; called once, with <see cref="Default"/>.</param>
/// <param name="secret">Whether the value is never shown.</param>
public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
    : Resource(name), IExpressionValue
{
    private readonly Lock _once = new();
    private string? _value;

    /// <summary>Whether the value is never shown.</summary>
    public bool Secret { get; } = secret;

    /// <summary>Gives the value where configuration has none; null when it has to be configured.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>What the parameter is for.</summary>
    public string? Description { get; set; }

    /// <summary>Whether <see cref="Description"/> is Markdown.</summary>
    public bool EnableDescriptionMarkdown { get; set; }

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The value.</summary>
    /// <exception cref="MissingParameterValueException">It is neither configured nor has a default.</exception>
    [Obsolete("Use GetValueAsync, or hand over the ParameterResource itself where a value is wanted.")]
    public string Value => Read();

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(Read());

    /// <summary>The value, for those who cannot wait for it.</summary>
    internal string Read()
    {
        lock (_once)
        {
            return _value ??= callback(Default);
        }
    }
}
