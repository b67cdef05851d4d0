namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a resource relates to another.</summary>
/// <param name="resource">The other.</param>
/// <param name="type">How, for example <c>Parent</c> or <c>Reference</c>.</param>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>How they relate.</summary>
    public string Type { get; } = type;
}
