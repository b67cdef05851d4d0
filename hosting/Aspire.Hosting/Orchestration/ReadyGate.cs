using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.Orchestration;

/// <summary>Tells once a start that a resource is ready, whichever of its replicas is healthy first: a check covers all of them.</summary>
internal sealed class ReadyGate(IServiceProvider provider, IDistributedApplicationEventing eventing)
{
    private readonly ConcurrentDictionary<IResource, Lazy<Task>> _told = new();

    /// <summary>Ends when those who wanted to know have been told.</summary>
    public Task PassAsync(IResource resource, CancellationToken cancellationToken) =>
        _told.GetOrAdd(resource, _ => new Lazy<Task>(() =>
            eventing.PublishAsync(new ResourceReadyEvent(resource, provider), CancellationToken.None))).Value.WaitAsync(cancellationToken);

    /// <summary>The resource is started again.</summary>
    public void Close(IResource resource) => _told.TryRemove(resource, out _);
}
