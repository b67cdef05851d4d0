using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>The URLs that are shown for a replica.</summary>
internal static class ResourceUrls
{
    public static ImmutableArray<UrlSnapshot> Of(IResource resource, int replica)
    {
        if (resource is not IResourceWithEndpoints withEndpoints)
        {
            return [];
        }

        return [.. withEndpoints.GetEndpoints().Select(endpoint =>
        {
            var url = new ResourceUrlAnnotation { Url = endpoint.Allocation(replica).UriString, Endpoint = endpoint };
            foreach (var change in resource.Annotations.OfType<EndpointUrlCallbackAnnotation>()
                .Where(change => change.EndpointName == endpoint.EndpointName))
            {
                change.Callback(url);
            }

            var absolute = new Uri(new Uri(endpoint.Allocation(replica).UriString), url.Url).OriginalString;
            return new UrlSnapshot(endpoint.EndpointName, absolute, IsInternal: false)
            {
                DisplayProperties = new UrlDisplayPropertiesSnapshot(url.DisplayText ?? ""),
            };
        })];
    }
}
