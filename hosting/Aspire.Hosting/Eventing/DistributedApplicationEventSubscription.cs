namespace Aspire.Hosting.Eventing;

/// <summary>A subscription to an event of the application.</summary>
/// <param name="callback">Who is told.</param>
public class DistributedApplicationEventSubscription(Func<IDistributedApplicationEvent, CancellationToken, Task> callback)
{
    /// <summary>Who is told.</summary>
    public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; } = callback;
}
