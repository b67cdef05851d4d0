using System.Collections.Concurrent;
using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.UserSecrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Starts all resources in the order of their waits and stops them in the reverse order.</summary>
internal sealed class ApplicationOrchestrator(IServiceProvider provider, DistributedApplicationModel model,
    ResourceNotificationService notifications, ResourceLoggerService loggers, IDistributedApplicationEventing eventing,
    EnvironmentComposer composer, DistributedApplicationExecutionContext execution, IConfiguration configuration,
    ValueResources values, DashboardLauncher dashboard, UserSecretsStore secrets, HealthCheckService health,
    ILogger<DistributedApplication> logger) : IHostedService, IAsyncDisposable
{
    /// <summary>The most that stopping takes, in seconds: everything is killed a little before.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3.2);
    private static readonly TimeSpan s_headStart = TimeSpan.FromSeconds(0.8);

    private readonly PortReservations _ports = new(logger, configuration.GetValue<bool>("DcpPublisher:RandomizePorts"));
    private readonly ConcurrentDictionary<IResource, Lazy<Task<int>>> _builds = new();
    private readonly Lock _lock = new();
    private List<ReplicaRunner> _runners = [];
    private OrphanGuard? _guard;
    private Task? _stop;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await eventing.PublishAsync(new BeforeStartEvent(provider, model), cancellationToken);
        dashboard.AddResource(model);
        foreach (var resource in model.Resources)
        {
            loggers.Register(resource.Name, model.ReplicaIds(resource));
        }

        await values.ResolveAsync(cancellationToken);
        if (secrets.WhyNotKept is { } reason)
        {
            logger.LogInformation("Generated values are not kept for the next run: {Reason}", reason);
        }

        var processes = model.Resources.Where(ResourceModel.IsProcess).ToArray();
        foreach (var resource in processes)
        {
            _ports.Allocate(resource, model.ReplicaIds(resource));
        }

        _guard = new OrphanGuard();
        var services = new OrchestrationServices(provider, execution, notifications, loggers, eventing, new ReadyGate(provider, eventing), composer,
            new HealthMonitor(health, notifications), _ports, _guard, logger);
        _runners = [.. processes.SelectMany(resource =>
            model.ReplicaIds(resource).Select((id, replica) => new ReplicaRunner(resource, replica, id, services)))];
        foreach (var runner in _runners)
        {
            await notifications.PublishUpdateAsync(runner.Resource, runner.Id,
                present => present with { State = KnownResourceStates.NotStarted });
        }

        await values.TellAsync(cancellationToken);
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
    /// Stops all replicas of a project, builds it and starts those that were up; who asks while that goes on waits for it.
    /// </summary>
    /// <param name="id">One of its replicas.</param>
    /// <param name="cancellationToken">Ends the wait, not the build.</param>
    /// <returns>The build's exit code. Where that is not 0 the program of before is started.</returns>
    public async Task<int> RebuildResourceAsync(string id, CancellationToken cancellationToken)
    {
        var resource = Runner(id).Resource;
        var build = _builds.GetOrAdd(resource, _ => new Lazy<Task<int>>(() => RebuildAsync(resource)));
        try
        {
            return await build.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            if (build.Value.IsCompleted)
            {
                _builds.TryRemove(new KeyValuePair<IResource, Lazy<Task<int>>>(resource, build));
            }
        }
    }

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

    private async Task<int> RebuildAsync(IResource resource)
    {
        var runners = _runners.Where(runner => ReferenceEquals(runner.Resource, resource)).ToArray();
        var up = runners.Where(runner => runner.IsUp).ToArray();
        await Task.WhenAll(runners.Select(runner => runner.StopAsync(s_grace)));
        foreach (var runner in runners)
        {
            await notifications.PublishUpdateAsync(resource, runner.Id, present => present with { State = KnownResourceStates.Building });
        }

        var code = await ProjectBuild.RunAsync(resource, loggers);
        foreach (var runner in runners)
        {
            await notifications.PublishUpdateAsync(resource, runner.Id, present => present with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.Exited, KnownResourceStateStyles.Info),
            });
        }

        foreach (var runner in up)
        {
            runner.Start();
        }

        return code;
    }

    // 0 for a resource that depends on nothing, else one more than the highest of those that it depends on. The dashboard
    // is last: what the others have to say at their end goes there.
    private static int Level(IResource resource, HashSet<IResource> path)
    {
        if (resource is DashboardResource)
        {
            return -1;
        }

        if (!path.Add(resource))
        {
            return 0; // References may form a cycle; a wait that does would never have started.
        }

        var level = resource.Annotations.OfType<ResourceRelationshipAnnotation>()
            .Where(relationship => relationship.Type is KnownRelationshipTypes.Reference or KnownRelationshipTypes.WaitFor)
            .Select(relationship => 1 + Level(relationship.Resource, path))
            .DefaultIfEmpty(0).Max();
        path.Remove(resource);
        return level;
    }

    private ReplicaRunner Runner(string id) =>
        _runners.Find(runner => string.Equals(runner.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new DistributedApplicationException($"Resource '{id}' is not a process of this application.");
}
