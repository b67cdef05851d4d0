namespace Aspire.Hosting.ApplicationModel;

/// <summary>The builder of one resource of an application.</summary>
internal sealed class DistributedApplicationResourceBuilder<T>(IDistributedApplicationBuilder builder, T resource)
    : IResourceBuilder<T>
    where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder => builder;

    public T Resource => resource;

    public IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation,
        ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation
    {
        ArgumentNullException.ThrowIfNull(annotation);
        if (behavior == ResourceAnnotationMutationBehavior.Replace)
        {
            foreach (var old in resource.Annotations.OfType<TAnnotation>().ToArray())
            {
                resource.Annotations.Remove(old);
            }
        }

        resource.Annotations.Add(annotation);
        return this;
    }
}
