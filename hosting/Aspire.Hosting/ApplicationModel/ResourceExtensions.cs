namespace Aspire.Hosting.ApplicationModel;

/// <summary>Asks resources about themselves.</summary>
public static class ResourceExtensions
{
    /// <summary>Names an endpoint of the resource.</summary>
    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName) =>
        new(resource, endpointName);

    /// <summary>All endpoints of the resource.</summary>
    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new EndpointReference(resource, endpoint.Name));
    }
}
