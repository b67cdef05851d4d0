using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>One replica of a resource from its waits to its end, again for each start.</summary>
internal sealed class ReplicaRunner(IResource resource, int replica, string id, OrchestrationServices services)
    : IDisposable
{
    private const int LastLines = 5;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lastLines = new();
    private CancellationTokenSource _stopping = new();
    private ManagedProcess? _process;
    private Task _run = Task.CompletedTask;

    public IResource Resource => resource;

    public string Id => id;

    /// <summary>Begins to start the replica; does nothing when it runs or is about to.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_run.IsCompleted)
            {
                _stopping.Dispose();
                _stopping = new CancellationTokenSource();
                _run = Task.Run(() => RunAsync(_stopping.Token));
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
        string? secretFile = null;
        try
        {
            await WaitAsync(stopping);
            await PublishAsync(present => present with
            {
                State = KnownResourceStates.Starting,
                ExitCode = null,
                StopTimeStamp = null,
                HealthReports = ResourceModel.UnknownHealth(resource),
            });
            var environment = await services.Composer.EnvironmentAsync(resource, replica, id, stopping);
            var arguments = await services.Composer.ArgumentsAsync(resource, replica, stopping);
            var command = await resource.Annotations.OfType<ProcessAnnotation>().Last().CreateCommandAsync(services.Provider, stopping);
            secretFile = command.SecretFile;
            await RunProcessAsync(command, arguments, environment, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await PublishAsync(present => present with { State = KnownResourceStates.Exited, StopTimeStamp = DateTime.UtcNow });
        }
        catch (Exception exception)
        {
            // Whatever it was, it concerns this resource: those who wait for it are told, the others go on.
            services.Loggers.Write(resource.Name, id, $"error: {exception.Message}", isError: true);
            services.Logger.LogError("Resource '{Resource}' failed to start: {Reason}", resource.Name, exception.Message);
            await PublishAsync(present => present with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
                StopTimeStamp = DateTime.UtcNow,
            });
        }
        finally
        {
            DeleteSecret(secretFile);
        }
    }

    private async Task WaitAsync(CancellationToken stopping)
    {
        if (resource.Annotations.OfType<WaitAnnotation>().Any())
        {
            await PublishAsync(present => present with { State = KnownResourceStates.Waiting, ExitCode = null });
            await services.Notifications.WaitForDependenciesAsync(resource, stopping);
        }
    }

    private async Task RunProcessAsync(ProcessCommand command, IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment, CancellationToken stopping)
    {
        ManagedProcess process;
        lock (_lock)
        {
            // Under the lock: a stop either comes before and nothing is started, or after and finds the process.
            stopping.ThrowIfCancellationRequested();
            services.Ports.Release(id);
            process = ManagedProcess.Start(command, arguments, environment, OnLine);
            services.Guard.Add(process.Id);
            Volatile.Write(ref _process, process);
        }

        await PublishAsync(present => present with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
            StartTimeStamp = DateTime.UtcNow,
            Urls = ResourceUrls.Of(resource, replica),
            EnvironmentVariables = [.. environment.Select(pair => new EnvironmentVariableSnapshot(pair.Key, pair.Value, IsFromSpec: true))],
            Properties = Properties(command, process.Id),
        });

        using var ended = new CancellationTokenSource();
        var health = services.Health.RunAsync(resource, id, () => DeleteSecret(command.SecretFile), ended.Token);
        var code = await process.Exited;
        await ended.CancelAsync();
        await health;
        if (!Libc.Signal(-process.Id, 0))
        {
            services.Guard.Remove(process.Id);
        }

        await EndedAsync(code, stopping.IsCancellationRequested);
    }

    private async Task EndedAsync(int code, bool stopped)
    {
        if (code != 0 && !stopped)
        {
            string[] lines;
            lock (_lastLines)
            {
                lines = [.. _lastLines];
            }

            services.Logger.LogError("Resource '{Resource}' exited with code {Code}. Its last lines: {Lines}",
                resource.Name, code, lines.Length == 0 ? "(none)" : string.Join(" | ", lines));
        }

        await PublishAsync(present => present with
        {
            State = code == 0 && !stopped ? new ResourceStateSnapshot(KnownResourceStates.Finished, KnownResourceStateStyles.Success)
                : new ResourceStateSnapshot(KnownResourceStates.Exited, stopped ? KnownResourceStateStyles.Info : KnownResourceStateStyles.Error),
            ExitCode = code,
            StopTimeStamp = DateTime.UtcNow,
        });
    }

    private void OnLine(string line, bool isError)
    {
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > LastLines)
            {
                _lastLines.Dequeue();
            }
        }

        services.Loggers.Write(resource.Name, id, line, isError);
    }

    private static ImmutableArray<ResourcePropertySnapshot> Properties(ProcessCommand command, int pid) =>
    [
        new("executable.path", command.FileName),
        new("executable.workDir", command.WorkingDirectory),
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
