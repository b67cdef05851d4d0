namespace Aspire.Hosting.ApplicationModel;

/// <summary>An environment variable that a resource was started with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsFromSpec">Whether the application set it; false when it was inherited.</param>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec)
{
    /// <summary>Whether the value holds a secret.</summary>
    internal bool IsSecret { get; init; }
}
