using O1Coder.Models;

namespace O1Coder.Policy;

/// <summary>
/// Loads the model beside the running server: /alive answers, /health says not ready, and stopping is never held up. If
/// the model cannot be loaded, the service ends.
/// </summary>
internal sealed class ModelLoadingService(
    ModelHost host, IModelLoader loader, SavedPrefixes prefixes, IHostApplicationLifetime lifetime, ILogger<ModelLoadingService> logger)
    : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loading = Task.Run(() => LoadAsync(stoppingToken), CancellationToken.None);
        try
        {
            // Stopping does not wait for a load that cannot be interrupted; the host frees what comes of it.
            await loading.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.LogInformation("Stopped before the model was loaded");
        }
        catch (Exception exception)
        {
            if (exception is not (ModelFormatException or IOException or NotSupportedException or ArgumentException))
            {
                // Neither the model nor a setting is at fault, of which one line says all: the code or the machine is.
                logger.LogCritical(exception, "Loading the model failed");
            }

            host.Fail(exception.Message);
            await WaitUntilStartedAsync(stoppingToken);
            lifetime.StopApplication();
        }
    }

    /// <summary>A host that is stopped while it starts throws; and a load can fail before the server listens.</summary>
    private async Task WaitUntilStartedAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var loaded = loader.Load(cancellationToken);
        try
        {
            await prefixes.LoadAsync(loaded, cancellationToken);
        }
        catch
        {
            await loaded.DisposeAsync();
            throw;
        }

        await host.SetAsync(loaded);
        var engine = loaded.Engine.Description;
        logger.LogInformation("{Model} is ready after {Seconds:0.0} s: {Backend}, {Precision}, {Threads} threads, context {Context}",
            loaded.Id, loaded.LoadTime.TotalSeconds, engine.Backend, engine.Precision, engine.Threads, engine.ContextLength);
    }
}
