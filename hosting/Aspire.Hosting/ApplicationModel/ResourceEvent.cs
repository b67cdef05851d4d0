namespace Aspire.Hosting.ApplicationModel;

/// <summary>A change of one replica of a resource.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">The replica's id.</param>
/// <param name="snapshot">Its state after the change.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The replica's id.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>Its state after the change.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
