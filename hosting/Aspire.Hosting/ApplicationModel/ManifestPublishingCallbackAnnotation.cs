using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Writes a resource into the manifest in a way of its own, or not at all.</summary>
/// <param name="callback">Writes it; null for a resource that is left out.</param>
public class ManifestPublishingCallbackAnnotation(Func<ManifestPublishingContext, Task>? callback) : IResourceAnnotation
{
    /// <summary>Leaves the resource out.</summary>
    public static ManifestPublishingCallbackAnnotation Ignore { get; } = new(null);

    /// <summary>Writes it; null for a resource that is left out.</summary>
    public Func<ManifestPublishingContext, Task>? Callback { get; } = callback;
}
