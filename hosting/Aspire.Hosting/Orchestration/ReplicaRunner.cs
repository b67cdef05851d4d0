using System.Collections.Immutable;
using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using O1Coder.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>One replica of a resource from its waits to its end, again for each start.</summary>
internal sealed class ReplicaRunner(IResource resource, int replica, string id, OrchestrationServices services)
    : IDisposable
{
    /// <summary>How many lines a crashed replica is shown with.</summary>
    public const int LastLines = 20;

    // As many as fit into one line of the AppHost's own log.
    private const int LastLinesInLog = 5;

    private readonly Lock _lock = new();
    private readonly Queue<TimedLogLine> _lastLines = new();
    private CancellationTokenSource _stopping = new();
    private ManagedProcess? _process;
    private Task _run = Task.CompletedTask;
    private int _lineNumber;

    public IResource Resource => resource;

    public string Id => id;

    /// <summary>Whether it runs or is about to.</summary>
    public bool IsUp
    {
        get
        {
            lock (_lock)
            {
                return !_run.IsCompleted;
            }
        }
    }

    /// <summary>Begins to start the replica; does nothing when it runs or is about to.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_run.IsCompleted)
            {
                _stopping.Dispose();
                _stopping = new CancellationTokenSource();
                var stopping = _stopping.Token;

                // At once: whoever waits for it from here on must not take its last end for the end of this run.
                var waits = resource.Annotations.OfType<WaitAnnotation>().Any();
                PublishAsync(present => present with
                {
                    State = waits ? KnownResourceStates.Waiting : KnownResourceStates.Starting,
                    ExitCode = null,
                    StopTimeStamp = null,
                    LastLines = [],
                }).GetAwaiter().GetResult();
                _run = Task.Run(() => RunAsync(stopping));
            }
        }
    }

    /// <summary>Stops the replica with all its processes.</summary>
    /// <param name="grace">How long it may take to end by itself.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        Task run;
        lock (_lock)
        {
            run = _run;
            _stopping.Cancel();
        }

        // While it starts there may be no process yet: the start sees the cancellation, before or after it made one.
        if (!run.IsCompleted && Volatile.Read(ref _process) is not null)
        {
            await PublishAsync(present => present with { State = KnownResourceStates.Stopping });
        }

        if (Volatile.Read(ref _process) is { } process)
        {
            await process.StopAsync(grace);
            services.Guard.Remove(process.Id);
        }

        await run;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await WaitAsync(stopping);
            for (var attempt = 1; ; attempt++)
            {
                var clock = Stopwatch.StartNew();
                var code = await RunOnceAsync(stopping);
                var policy = resource.Annotations.OfType<RestartPolicy>().LastOrDefault();
                attempt = policy is not null && clock.Elapsed > policy.Settled ? 1 : attempt;
                if (code == 0 || stopping.IsCancellationRequested || policy is null || attempt > policy.Attempts)
                {
                    await EndedAsync(code, stopping.IsCancellationRequested);
                    break;
                }

                await WaitForRestartAsync(code, attempt, policy, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await PublishAsync(present => present with { State = KnownResourceStates.Exited, StopTimeStamp = DateTime.UtcNow, WaitingFor = [] });
        }
        catch (Exception exception)
        {
            // Whatever it was, it concerns this resource: those who wait for it are told, the others go on.
            services.Loggers.Write(id, $"error: {exception.Message}", isError: true);
            services.Logger.LogError("Resource '{Resource}' failed to start: {Reason}", resource.Name, exception.Message);
            await PublishAsync(present => present with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
                StopTimeStamp = DateTime.UtcNow,
                WaitingFor = [],
            });
        }

        await TellOfEndAsync();
    }

    private async Task WaitAsync(CancellationToken stopping)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().ToArray();
        if (waits.Length > 0)
        {
            await PublishAsync(present => present with
            {
                State = KnownResourceStates.Waiting,
                ExitCode = null,
                LastLines = [],
                WaitingFor = [.. waits.Select(wait => wait.Resource.Name).Distinct()],
            });
            await services.Notifications.WaitForDependenciesAsync(resource, reached =>
                PublishAsync(present => present with { WaitingFor = present.WaitingFor.Remove(reached.Name) }), stopping);
        }
    }

    /// <summary>Starts the process and waits for its end.</summary>
    /// <returns>The exit code.</returns>
    private async Task<int> RunOnceAsync(CancellationToken stopping)
    {
        string? secretFile = null;
        services.Ready.Close(resource);
        lock (_lastLines)
        {
            _lastLines.Clear();
        }

        try
        {
            await PublishAsync(present => present with
            {
                State = KnownResourceStates.Starting,
                ExitCode = null,
                StopTimeStamp = null,
                WaitingFor = [],
                LastLines = [],
                ReadyEventEnded = false,
                ReadyEventFailure = null,
                HealthReports = ResourceModel.UnknownHealth(resource),
            });
            await services.Eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services.Provider), stopping);
            var environment = await services.Composer.EnvironmentAsync(resource, replica, id, stopping);
            var arguments = await services.Composer.ArgumentsAsync(resource, replica, stopping);
            var command = await resource.Annotations.OfType<ProcessAnnotation>().Last().CreateCommandAsync(services.Provider, stopping);
            secretFile = command.SecretFile;
            return await RunProcessAsync(command, arguments, environment, stopping);
        }
        finally
        {
            DeleteSecret(secretFile);
        }
    }

    private async Task<int> RunProcessAsync(ProcessCommand command, ComposedArguments arguments, ComposedEnvironment environment,
        CancellationToken stopping)
    {
        var urls = await UrlsAsync(stopping);
        ManagedProcess process;
        lock (_lock)
        {
            // Under the lock: a stop either comes before and nothing is started, or after and finds the process.
            stopping.ThrowIfCancellationRequested();
            services.Ports.Release(id);
            process = ManagedProcess.Start(command, arguments.Values, environment.Variables, OnLine);
            services.Guard.Add(process.Id);
            Volatile.Write(ref _process, process);
        }

        await PublishAsync(present => present with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
            StartTimeStamp = DateTime.UtcNow,
            Urls = urls,
            EnvironmentVariables = [.. environment.Variables.Select(pair => new EnvironmentVariableSnapshot(pair.Key, pair.Value, IsFromSpec: true)
            {
                IsSecret = environment.Secrets.Contains(pair.Key),
            })],
            Properties = Properties(command, arguments, process.Id),
        });

        using var ended = new CancellationTokenSource();
        var health = services.Health.RunAsync(resource, id, () => OnHealthyAsync(command, ended.Token), ended.Token);
        var code = await process.Exited;
        await ended.CancelAsync();
        await health;
        if (!Libc.Signal(-process.Id, 0))
        {
            services.Guard.Remove(process.Id);
        }

        return code;
    }

    private async Task<ImmutableArray<UrlSnapshot>> UrlsAsync(CancellationToken stopping)
    {
        try
        {
            return await ResourceUrls.OfAsync(resource, replica, services.Execution, services.Loggers.GetLogger(id), stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A callback of the application's own: the process runs, and is to be watched, with or without URLs.
            services.Loggers.Write(id, $"error: no URLs are shown: {exception.Message}", isError: true);
            return [];
        }
    }

    private async Task OnHealthyAsync(ProcessCommand command, CancellationToken ended)
    {
        DeleteSecret(command.SecretFile);
        if (services.Notifications.Find(id) is { Snapshot: { ReadyEventEnded: true } or { ReadyEventFailure: not null } })
        {
            return;
        }

        string? failure = null;
        try
        {
            await services.Ready.PassAsync(resource, ended);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !ended.IsCancellationRequested)
        {
            // Somebody's handler: those who wait for this resource are told, it runs on.
            failure = exception.Message;
            services.Loggers.Write(id, $"error: not ready: {failure}", isError: true);
        }

        await PublishAsync(present => present with { ReadyEventEnded = failure is null, ReadyEventFailure = failure });
    }

    private async Task WaitForRestartAsync(int code, int attempt, RestartPolicy policy, CancellationToken stopping)
    {
        var delay = policy.Delay(attempt);
        services.Loggers.Write(id,
            $"error: ended with exit code {code}; starts again in {delay.TotalSeconds:0.##} s ({attempt} of {policy.Attempts})", isError: true);
        services.Logger.LogWarning("Resource '{Resource}' exited with code {Code} and starts again in {Seconds} s ({Attempt} of {Attempts}).",
            resource.Name, code, delay.TotalSeconds, attempt, policy.Attempts);
        await PublishAsync(present => present with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.Waiting, KnownResourceStateStyles.Warn),
            ExitCode = code,
            StopTimeStamp = DateTime.UtcNow,
            LastLines = TakeLastLines(),
        });
        await Task.Delay(delay, stopping);
    }

    private async Task EndedAsync(int code, bool stopped)
    {
        var lines = TakeLastLines();
        if (code != 0 && !stopped)
        {
            var last = lines.TakeLast(LastLinesInLog).Select(line => line.Line.Content);
            services.Logger.LogError("Resource '{Resource}' exited with code {Code}. Its last lines: {Lines}",
                resource.Name, code, lines.Length == 0 ? "(none)" : string.Join(" | ", last));
        }

        await PublishAsync(present => present with
        {
            State = code == 0 && !stopped ? new ResourceStateSnapshot(KnownResourceStates.Finished, KnownResourceStateStyles.Success)
                : new ResourceStateSnapshot(KnownResourceStates.Exited, stopped ? KnownResourceStateStyles.Info : KnownResourceStateStyles.Error),
            ExitCode = code,
            StopTimeStamp = DateTime.UtcNow,
            LastLines = code != 0 && !stopped ? lines : [],
        });
    }

    private async Task TellOfEndAsync()
    {
        try
        {
            await services.Eventing.PublishAsync(
                new ResourceStoppedEvent(resource, services.Provider, services.Notifications.Find(id)!), CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Somebody's handler; the resource has ended all the same.
            services.Logger.LogError(exception, "What was to be done at the end of resource '{Resource}' failed: {Reason}", resource.Name, exception.Message);
        }
    }

    private ImmutableArray<TimedLogLine> TakeLastLines()
    {
        lock (_lastLines)
        {
            return [.. _lastLines];
        }
    }

    private void OnLine(string line, bool isError)
    {
        lock (_lastLines)
        {
            _lastLines.Enqueue(new TimedLogLine(new LogLine(++_lineNumber, line, isError), DateTime.UtcNow));
            if (_lastLines.Count > LastLines)
            {
                _lastLines.Dequeue();
            }
        }

        services.Loggers.Write(id, line, isError);
    }

    private ImmutableArray<ResourcePropertySnapshot> Properties(ProcessCommand command, ComposedArguments arguments, int pid) =>
    [
        .. resource.Annotations.OfType<IProjectMetadata>().Take(1).Select(project => new ResourcePropertySnapshot("project.path", project.ProjectPath)),
        new("executable.path", command.FileName),
        new("executable.workDir", command.WorkingDirectory),
        new("executable.args", string.Join(' ', [.. command.Arguments, .. arguments.Values])) { IsSensitive = arguments.HoldSecret },
        new("executable.pid", pid),
    ];

    private Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        services.Notifications.PublishUpdateAsync(resource, id, change);

    private static void DeleteSecret(string? path)
    {
        if (path is not null)
        {
            File.Delete(path);
        }
    }
}
