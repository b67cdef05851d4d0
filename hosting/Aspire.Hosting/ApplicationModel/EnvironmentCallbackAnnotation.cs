namespace Aspire.Hosting.ApplicationModel;

/// <summary>A callback that sets a resource's environment variables before each start.</summary>
/// <param name="callback">The callback.</param>
public class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>The callback.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}
