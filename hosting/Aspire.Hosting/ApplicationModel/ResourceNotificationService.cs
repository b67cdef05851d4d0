using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states of all resources: publishes changes and waits for them.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly CancellationTokenSource _disposed = new();
    private readonly WaitBehavior _defaultWaitBehavior;
    private readonly IServiceProvider _services;

    /// <summary>Made by the application's container.</summary>
    /// <param name="options">What waiting resources do by default.</param>
    /// <param name="services">The application's services, for the states of commands.</param>
    internal ResourceNotificationService(IOptions<ResourceNotificationServiceOptions> options, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(options);
        _defaultWaitBehavior = options.Value.DefaultWaitBehavior;
        _services = services;
    }

    /// <summary>Changes the state of a resource that has one replica.</summary>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return PublishUpdateAsync(resource, resource.Name, stateFactory);
    }

    /// <summary>Changes the state of one replica.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="resourceId">The replica's id.</param>
    /// <param name="stateFactory">Makes the new state of the present one.</param>
    public Task PublishUpdateAsync(IResource resource, string resourceId,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(stateFactory);
        lock (_lock)
        {
            var before = _current.TryGetValue(resourceId, out var known) ? known.Snapshot : ResourceModel.InitialSnapshot(resource);
            var after = stateFactory(before);
            var change = new ResourceEvent(resource, resourceId, after with { Commands = Commands(resource, after) });
            _current[resourceId] = change;
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(change);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The present state of one replica.</summary>
    /// <param name="resourceId">The replica's id; a resource's name where it has one replica.</param>
    /// <param name="resourceEvent">The state; null when there is none.</param>
    public bool TryGetCurrentState(string resourceId,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
        {
            if (!_current.TryGetValue(resourceId, out resourceEvent))
            {
                var ofName = Replicas(resourceId);
                resourceEvent = ofName.Count == 1 ? ofName[0] : null;
            }

            return resourceEvent is not null;
        }
    }

    /// <summary>The present state of every replica and then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        var (present, changes) = Subscribe();
        try
        {
            foreach (var one in present)
            {
                yield return one;
            }

            await foreach (var change in changes.Reader.ReadAllAsync(either.Token))
            {
                yield return change;
            }
        }
        finally
        {
            Unsubscribe(changes);
        }
    }

    /// <summary>The present state of every replica, and a channel of every change from then on.</summary>
    internal (IReadOnlyList<ResourceEvent> Present, Channel<ResourceEvent> Changes) Subscribe()
    {
        var changes = Channel.CreateUnbounded<ResourceEvent>(new UnboundedChannelOptions { SingleReader = true });
        lock (_lock)
        {
            _watchers.Add(changes);
            return ([.. _current.Values], changes);
        }
    }

    /// <summary>Ends a channel of <see cref="Subscribe"/>.</summary>
    internal void Unsubscribe(Channel<ResourceEvent> changes)
    {
        lock (_lock)
        {
            _watchers.Remove(changes);
        }
    }

    /// <summary>The present state of the replica with exactly this id; null for none.</summary>
    internal ResourceEvent? Find(string resourceId)
    {
        lock (_lock)
        {
            return _current.GetValueOrDefault(resourceId);
        }
    }

    /// <summary>Waits until a replica of the resource is in the state.</summary>
    /// <param name="resourceName">The resource's name.</param>
    /// <param name="targetState">The state; null for Running.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null,
        CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until a replica of the resource is in one of the states.</summary>
    /// <returns>That state.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates,
        CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitForResourceAsync(resourceName,
            change => change.Snapshot.State is { } state && states.Contains(state.Text), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits until a replica of the resource fulfils the predicate.</summary>
    /// <returns>The change that fulfilled it.</returns>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (string.Equals(change.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(change))
            {
                return change;
            }
        }

        throw new OperationCanceledException($"Nobody changes resource '{resourceName}' any more.");
    }

    /// <summary>Waits until all replicas of the resource run and are healthy.</summary>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName,
        CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, _defaultWaitBehavior, cancellationToken);

    /// <summary>Waits until all replicas of the resource run and are healthy.</summary>
    /// <exception cref="DistributedApplicationException">
    /// It ended or could not be started, and <paramref name="waitBehavior"/> says to stop then.
    /// </exception>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior,
        CancellationToken cancellationToken = default) =>
        WaitForReplicasAsync(resourceName, IsHealthy, waitBehavior,
            reason => $"Stopped waiting for resource '{resourceName}' to become healthy because it {reason}.",
            cancellationToken);

    /// <summary>Waits for everything that the resource was told to wait for.</summary>
    /// <exception cref="DistributedApplicationException">A dependency failed, and the wait is to stop then.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WaitForDependenciesAsync(resource, _ => Task.CompletedTask, cancellationToken);
    }

    /// <summary>Waits for everything that the resource was told to wait for.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="reached">Told of each dependency that need not be waited for any more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task WaitForDependenciesAsync(IResource resource, Func<IResource, Task> reached, CancellationToken cancellationToken) =>
        Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>().Select(async wait =>
        {
            await WaitForDependencyAsync(resource, wait, cancellationToken);
            await reached(wait.Resource);
        }));

    /// <summary>Ends all waits.</summary>
    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task WaitForDependencyAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var behavior = wait.WaitBehavior ?? _defaultWaitBehavior;
        string Stopped(string reason) =>
            $"Resource '{resource.Name}' stopped waiting for dependency resource '{wait.Resource.Name}' because it {reason}.";

        if (wait.WaitType != WaitType.WaitForCompletion)
        {
            await WaitForReplicasAsync(wait.Resource.Name,
                wait.WaitType == WaitType.WaitUntilHealthy ? IsHealthy : IsRunning, behavior, Stopped, cancellationToken);
            return;
        }

        var ended = await WaitForReplicasAsync(wait.Resource.Name, HasEnded, WaitBehavior.WaitOnResourceUnavailable,
            Stopped, cancellationToken);
        if (ended.Snapshot.State?.Text == KnownResourceStates.FailedToStart)
        {
            throw new DistributedApplicationException(Stopped("failed to start"));
        }

        if (ended.Snapshot.ExitCode is { } code && code != wait.ExitCode)
        {
            throw new DistributedApplicationException(
                Stopped($"ended with exit code {code} where {wait.ExitCode} was expected"));
        }
    }

    private async Task<ResourceEvent> WaitForReplicasAsync(string name, Func<ResourceEvent, bool> reached,
        WaitBehavior behavior, Func<string, string> stopped, CancellationToken cancellationToken)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (!string.Equals(change.Resource.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (behavior == WaitBehavior.StopOnResourceUnavailable && HasEnded(change) && IsPresent(change))
            {
                throw new DistributedApplicationException(stopped(
                    change.Snapshot.State?.Text == KnownResourceStates.FailedToStart ? "failed to start"
                    : change.Snapshot.ExitCode is { } code ? $"ended with exit code {code}" : "ended"));
            }

            List<ResourceEvent> replicas;
            lock (_lock)
            {
                replicas = Replicas(name);
            }

            if (replicas.Find(replica => replica.Snapshot.ReadyEventFailure is not null) is { } failed)
            {
                throw new DistributedApplicationException(stopped($"did not become ready: {failed.Snapshot.ReadyEventFailure}"));
            }

            if (replicas.Count == ResourceModel.ReplicaCount(change.Resource) && replicas.TrueForAll(r => reached(r)))
            {
                // Not the change, which may be old: a state without the exit code would pass for success.
                return replicas.Find(replica => replica.ResourceId == change.ResourceId)!;
            }
        }

        throw new OperationCanceledException($"Nobody changes resource '{name}' any more.");
    }

    // A change may be old by the time it is read: only the present state says that a replica is down.
    private bool IsPresent(ResourceEvent change)
    {
        lock (_lock)
        {
            return ReferenceEquals(_current[change.ResourceId], change) || HasEnded(_current[change.ResourceId]);
        }
    }

    private List<ResourceEvent> Replicas(string name) => [.. _current.Values.Where(present =>
        string.Equals(present.Resource.Name, name, StringComparison.OrdinalIgnoreCase))];

    private static bool IsRunning(ResourceEvent change) => change.Snapshot.State?.Text == KnownResourceStates.Running;

    private static bool IsHealthy(ResourceEvent change) => change.Snapshot.HealthStatus == HealthStatus.Healthy
        && (change.Snapshot.ReadyEventEnded || !ResourceModel.IsProcess(change.Resource));

    private ImmutableArray<ResourceCommandSnapshot> Commands(IResource resource, CustomResourceSnapshot snapshot)
    {
        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, ServiceProvider = _services };
        return [.. resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => new ResourceCommandSnapshot(
            command.Name, command.UpdateState(context), command.DisplayName, command.DisplayDescription, Parameter: null,
            command.ConfirmationMessage, command.IconName, command.IconVariant, command.IsHighlighted))];
    }

    private static bool HasEnded(ResourceEvent change) =>
        change.Snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);
}
