namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says more about one resource, call by call.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
public interface IResourceBuilder<out T>
    where T : IResource
{
    /// <summary>The application that the resource belongs to.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>The resource.</summary>
    T Resource { get; }

    /// <summary>Attaches an annotation.</summary>
    IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation,
        ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation;

    /// <summary>Attaches an annotation made by its parameterless constructor.</summary>
    IResourceBuilder<T> WithAnnotation<TAnnotation>(
        ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation, new() => WithAnnotation(new TAnnotation(), behavior);
}
