using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Takes up searches that were broken off: at the start those of this coordinator's last life, and later those of another
/// one that shares the folder and died. A search whose lock is held is somebody's.
/// </summary>
internal sealed class Resumption(ISearchPlace place, SearchSlots slots, CoordinatorOptions options, TimeProvider clock, ILogger<Resumption> logger)
    : BackgroundService
{
    // Folders that need no further look: the search has ended or cannot go on here.
    private readonly ConcurrentDictionary<string, bool> _settled = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Resume)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.ResumeInterval, clock);
        try
        {
            do
            {
                Look(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            logger.LogDebug("Stopping: {Searches} searches go on at the next start", _running.Count);
        }

        await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Look(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(options.RunsFolder))
        {
            return;
        }

        foreach (var path in Directory.EnumerateDirectories(Path.GetFullPath(options.RunsFolder)))
        {
            var folder = new SearchFolder(Path.GetFileName(path), path);
            if (!_settled.ContainsKey(path) && !_running.ContainsKey(path) && File.Exists(folder.RequestPath) && !TryTakeUp(folder, cancellationToken))
            {
                return;
            }
        }
    }

    // False: every slot is taken, so that there is no use in looking on.
    private bool TryTakeUp(SearchFolder folder, CancellationToken cancellationToken)
    {
        var held = SearchLock.TryTake(folder);
        if (held is null)
        {
            return true;
        }

        var slot = default(IDisposable);
        try
        {
            if (!LogGlance.IsBrokenOff(folder))
            {
                _settled[folder.Path] = true;
                return true;
            }

            slot = slots.TryEnter();
            if (slot is null)
            {
                return false;
            }

            // It takes itself out of the list when it ends, so it has to be in there before it begins.
            var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _running[folder.Path] = RunAsync(begin.Task, folder, held, slot, cancellationToken);
            (held, slot) = (null, null);
            begin.SetResult();
            return true;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("Search {Search} is not taken up: {Reason}", folder.SearchId, error.Message);
            _settled[folder.Path] = true;
            return true;
        }
        finally
        {
            slot?.Dispose();
            held?.Dispose();
        }
    }

    private async Task RunAsync(Task begin, SearchFolder folder, SearchLock held, IDisposable slot, CancellationToken cancellationToken)
    {
        await begin;
        logger.LogInformation("Search {Search} was broken off and goes on", folder.SearchId);
        try
        {
            await place.ResumeAsync(folder, held, Nobody.Instance, cancellationToken);
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted)
        {
            logger.LogWarning("Search {Search} waits: {Reason}", folder.SearchId, error.Status.Detail);
        }
        catch (RpcException error)
        {
            logger.LogWarning("Search {Search} does not go on: {Reason}", folder.SearchId, error.Status.Detail);
            _settled[folder.Path] = true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "Search {Search} does not go on", folder.SearchId);
            _settled[folder.Path] = true;
        }
        finally
        {
            _running.TryRemove(folder.Path, out _);
            held.Dispose();
            slot.Dispose();
        }
    }

    // Nobody is there to be told: who wants to know follows the log.
    private sealed class Nobody : ChannelWriter<V1.SolveResponse>
    {
        public static Nobody Instance { get; } = new();

        public override bool TryWrite(V1.SolveResponse item) => true;

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);
    }
}
