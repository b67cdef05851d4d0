namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something known about a resource, for example <c>executable.pid</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Whether the value is not to be shown.</summary>
    public bool IsSensitive { get; init; }
}
