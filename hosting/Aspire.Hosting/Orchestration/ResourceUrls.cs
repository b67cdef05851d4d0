using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>The URLs that are shown for a replica.</summary>
internal static class ResourceUrls
{
    /// <summary>One for each endpoint, the resource's own, and what callbacks made of them; the highest order first.</summary>
    public static async Task<ImmutableArray<UrlSnapshot>> OfAsync(IResource resource, int replica, DistributedApplicationExecutionContext execution,
        ILogger logger, CancellationToken cancellationToken)
    {
        List<ResourceUrlAnnotation> urls = [];
        if (resource is IResourceWithEndpoints withEndpoints)
        {
            urls.AddRange(withEndpoints.GetEndpoints().Select(endpoint =>
                new ResourceUrlAnnotation { Url = endpoint.Allocation(replica).UriString, Endpoint = endpoint }));
        }

        // Copies, for callbacks change them, each time again.
        urls.AddRange(resource.Annotations.OfType<ResourceUrlAnnotation>().Select(url => url.WithEndpoint(url.Endpoint)));
        var context = new ResourceUrlsCallbackContext(execution, resource, urls, cancellationToken) { Logger = logger };
        foreach (var change in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
        {
            await change.Callback(context);
        }

        var first = (resource as IResourceWithEndpoints)?.GetEndpoints().FirstOrDefault(endpoint => endpoint.Scheme is "http" or "https");
        return [.. urls.OrderByDescending(url => url.DisplayOrder ?? 0).Select(url => Snapshot(url, url.Endpoint ?? first, replica))];
    }

    private static UrlSnapshot Snapshot(ResourceUrlAnnotation url, EndpointReference? relativeTo, int replica)
    {
        var text = Uri.TryCreate(url.Url, UriKind.Absolute, out var absolute) && !absolute.IsFile || relativeTo is null
            ? url.Url
            : new Uri(new Uri(relativeTo.Allocation(replica).UriString), url.Url).OriginalString;
        return new UrlSnapshot(url.Endpoint?.EndpointName, text, IsInternal: url.DisplayLocation == UrlDisplayLocation.DetailsOnly)
        {
            DisplayProperties = new UrlDisplayPropertiesSnapshot(url.DisplayText ?? "", url.DisplayOrder ?? 0),
        };
    }
}
