using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Starts all resources in the order of their waits and stops them in the reverse order.</summary>
internal sealed class ApplicationOrchestrator(IServiceProvider provider, DistributedApplicationModel model,
    ResourceNotificationService notifications, ResourceLoggerService loggers, EnvironmentComposer composer,
    HealthCheckService health, ILogger<DistributedApplication> logger) : IHostedService, IAsyncDisposable
{
    /// <summary>The most that stopping takes, in seconds: everything is killed a little before.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3.2);
    private static readonly TimeSpan s_headStart = TimeSpan.FromSeconds(0.8);

    private readonly PortReservations _ports = new();
    private readonly Lock _lock = new();
    private List<ReplicaRunner> _runners = [];
    private OrphanGuard? _guard;
    private Task? _stop;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ResolveParametersAsync();
        var processes = model.Resources.Where(ResourceModel.IsProcess).ToArray();
        foreach (var resource in processes)
        {
            _ports.Allocate(resource, model.ReplicaIds(resource));
        }

        _guard = new OrphanGuard();
        var services = new OrchestrationServices(provider, notifications, loggers, composer,
            new HealthMonitor(health, notifications), _ports, _guard, logger);
        _runners = [.. processes.SelectMany(resource =>
            model.ReplicaIds(resource).Select((id, replica) => new ReplicaRunner(resource, replica, id, services)))];
        foreach (var runner in _runners)
        {
            await notifications.PublishUpdateAsync(runner.Resource, runner.Id,
                present => present with { State = KnownResourceStates.NotStarted });
        }

        foreach (var runner in _runners.Where(runner => !runner.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any()))
        {
            runner.Start();
        }
    }

    /// <summary>Starts one replica, after its waits; comes back as soon as that has begun.</summary>
    public Task StartResourceAsync(string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Runner(id).Start();
        return Task.CompletedTask;
    }

    /// <summary>Stops one replica with all its processes.</summary>
    public Task StopResourceAsync(string id, CancellationToken cancellationToken) =>
        Runner(id).StopAsync(s_grace).WaitAsync(cancellationToken);

    /// <summary>
    /// Stops everything. Dependents are told first and have a head start, so that they can still reach what they depend on;
    /// the total is bounded by <see cref="StopLimit"/> however many there are.
    /// </summary>
    /// <param name="cancellationToken">Without effect: what is left undone here would be left running.</param>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _stop ??= StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _ports.Dispose();
    }

    private async Task StopAsync()
    {
        var clock = Stopwatch.StartNew();
        List<Task> stops = [];
        foreach (var level in _runners.GroupBy(runner => Level(runner.Resource, [])).OrderByDescending(level => level.Key))
        {
            var remaining = s_grace - clock.Elapsed;
            var grace = remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
            var ofLevel = Task.WhenAll(level.Select(runner => runner.StopAsync(grace)));
            stops.Add(ofLevel);
            await Task.WhenAny(ofLevel, Task.Delay(s_headStart));
        }

        await Task.WhenAll(stops);
        foreach (var resource in model.Resources.Where(ResourceModel.IsProcess))
        {
            loggers.Complete(resource);
        }

        _runners.ForEach(runner => runner.Dispose());
        _guard?.Dispose();
    }

    private async Task ResolveParametersAsync()
    {
        foreach (var resource in model.Resources.Where(resource => !ResourceModel.IsProcess(resource)))
        {
            try
            {
                if (resource is ParameterResource parameter and not ConfiguredConnectionStringResource)
                {
                    _ = parameter.Read();
                }
            }
            catch (MissingParameterValueException)
            {
                await notifications.PublishUpdateAsync(resource, present => present with
                {
                    State = new ResourceStateSnapshot(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Error),
                });
                throw;
            }

            await notifications.PublishUpdateAsync(resource, present => present with { State = KnownResourceStates.Running });
        }
    }

    // 0 for a resource that depends on nothing, else one more than the highest of those that it depends on.
    private static int Level(IResource resource, HashSet<IResource> path)
    {
        if (!path.Add(resource))
        {
            return 0; // References may form a cycle; a wait that does would never have started.
        }

        var level = resource.Annotations.OfType<ResourceRelationshipAnnotation>()
            .Where(relationship => relationship.Type != "Parent")
            .Select(relationship => 1 + Level(relationship.Resource, path))
            .DefaultIfEmpty(0).Max();
        path.Remove(resource);
        return level;
    }

    private ReplicaRunner Runner(string id) =>
        _runners.Find(runner => string.Equals(runner.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new DistributedApplicationException($"Resource '{id}' is not a process of this application.");
}
