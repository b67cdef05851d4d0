using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Resources of a solution's own kind.</summary>
public static class CustomResourceExtensions
{
    /// <summary>Says with which state the resource begins.</summary>
    public static IResourceBuilder<TResource> WithInitialState<TResource>(this IResourceBuilder<TResource> builder, CustomResourceSnapshot initialSnapshot)
        where TResource : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(initialSnapshot);
        return builder.WithAnnotation(new ResourceSnapshotAnnotation(initialSnapshot), ResourceAnnotationMutationBehavior.Replace);
    }
}
