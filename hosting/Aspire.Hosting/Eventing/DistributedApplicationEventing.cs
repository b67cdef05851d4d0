using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Eventing;

/// <summary>The subscriptions of one application.</summary>
internal sealed class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private readonly Lock _lock = new();
    private readonly List<(Type Type, DistributedApplicationEventSubscription Subscription)> _subscriptions = [];

    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Add(typeof(T), new DistributedApplicationEventSubscription((happened, token) => callback((T)happened, token)));
    }

    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(callback);
        return Add(typeof(T), new DistributedApplicationResourceEventSubscription(
            resource, (happened, token) => callback((T)happened, token)));
    }

    public void Unsubscribe(DistributedApplicationEventSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.RemoveAll(known => ReferenceEquals(known.Subscription, subscription));
        }
    }

    public Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent => PublishAsync(@event, EventDispatchBehavior.BlockingSequential, cancellationToken);

    public async Task PublishAsync<T>(T @event, EventDispatchBehavior dispatchBehavior, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
    {
        DistributedApplicationEventSubscription[] told;
        lock (_lock)
        {
            told = [.. _subscriptions.Where(known => known.Type == typeof(T) && Concerns(known.Subscription, @event))
                .Select(known => known.Subscription)];
        }

        var telling = dispatchBehavior is EventDispatchBehavior.BlockingConcurrent or EventDispatchBehavior.NonBlockingConcurrent
            ? Task.WhenAll(told.Select(one => Task.Run(() => one.Callback(@event, cancellationToken), cancellationToken)))
            : OneAfterAnotherAsync(told, @event, cancellationToken);
        if (dispatchBehavior is EventDispatchBehavior.BlockingConcurrent or EventDispatchBehavior.BlockingSequential)
        {
            await telling;
        }
    }

    private T Add<T>(Type type, T subscription)
        where T : DistributedApplicationEventSubscription
    {
        lock (_lock)
        {
            _subscriptions.Add((type, subscription));
        }

        return subscription;
    }

    private static bool Concerns(DistributedApplicationEventSubscription subscription, IDistributedApplicationEvent happened) =>
        subscription is not DistributedApplicationResourceEventSubscription { Resource: { } resource }
        || (happened is IDistributedApplicationResourceEvent ofResource && ReferenceEquals(ofResource.Resource, resource));

    private static async Task OneAfterAnotherAsync(DistributedApplicationEventSubscription[] told,
        IDistributedApplicationEvent happened, CancellationToken cancellationToken)
    {
        foreach (var one in told)
        {
            await one.Callback(happened, cancellationToken);
        }
    }
}
