namespace Aspire.Hosting.ApplicationModel;

/// <summary>A health check that a resource has to pass.</summary>
/// <param name="key">The name under which the check is registered.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The name under which the check is registered.</summary>
    public string Key { get; } = key;
}
