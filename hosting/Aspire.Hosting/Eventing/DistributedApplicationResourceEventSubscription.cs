using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Eventing;

/// <summary>A subscription to an event of one resource.</summary>
/// <param name="resource">The resource; null for any.</param>
/// <param name="callback">Who is told.</param>
public class DistributedApplicationResourceEventSubscription(
    IResource? resource, Func<IDistributedApplicationResourceEvent, CancellationToken, Task> callback)
    : DistributedApplicationEventSubscription((happened, token) => callback((IDistributedApplicationResourceEvent)happened, token))
{
    /// <summary>The resource; null for any.</summary>
    public IResource? Resource { get; } = resource;
}
