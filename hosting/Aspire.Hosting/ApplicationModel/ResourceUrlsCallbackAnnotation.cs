namespace Aspire.Hosting.ApplicationModel;

/// <summary>A callback that changes the URLs that are shown for a resource.</summary>
/// <param name="callback">The callback.</param>
public sealed class ResourceUrlsCallbackAnnotation(Func<ResourceUrlsCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>The callback.</summary>
    public Func<ResourceUrlsCallbackContext, Task> Callback { get; } = callback;
}
