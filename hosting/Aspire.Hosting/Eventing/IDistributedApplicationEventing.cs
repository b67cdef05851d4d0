using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Eventing;

/// <summary>Tells what happens to the application and its resources to those who want to know.</summary>
public interface IDistributedApplicationEventing
{
    /// <summary>Has a callback told of every event of a type.</summary>
    DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent;

    /// <summary>Has a callback told of every event of a type of one resource.</summary>
    DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent;

    /// <summary>Ends a subscription.</summary>
    void Unsubscribe(DistributedApplicationEventSubscription subscription);

    /// <summary>Tells of an event, one subscriber after another, and waits for them.</summary>
    Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent;

    /// <summary>Tells of an event.</summary>
    Task PublishAsync<T>(T @event, EventDispatchBehavior dispatchBehavior, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent;
}
