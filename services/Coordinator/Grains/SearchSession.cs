using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// A search that runs here, and those who watch it. Events are kept until the session goes, so that a watcher who comes late, or
/// again, gets those it lacks; of progress only the last counts.
/// </summary>
internal sealed class SearchSession
{
    /// <summary>The detail of an end that is none: another takes the search up.</summary>
    public const string Elsewhere = "the search goes on elsewhere";

    private readonly Lock _lock = new();
    private readonly List<V1.SolveResponse> _events = [];
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private V1.SolveResponse? _progress;
    private bool _left;

    /// <summary>Begins to run the search.</summary>
    public SearchSession(SearchWork work) => Ended = Task.Run(() => RunAsync(work));

    /// <summary>Completes when the search runs no more, however it ended.</summary>
    public Task Ended { get; }

    /// <summary>How it ended; to be read after <see cref="Ended"/>.</summary>
    public (StatusCode Status, string Detail) End { get; private set; }

    /// <summary>The events after some number, as they come, until the search runs no more.</summary>
    public async IAsyncEnumerable<V1.SolveResponse> WatchAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (place, told) = (0, (V1.SolveResponse?)null);
        while (true)
        {
            V1.SolveResponse? next = null;
            Task changed;
            lock (_lock)
            {
                while (place < _events.Count && _events[place].Sequence <= after)
                {
                    place++;
                }

                changed = _changed.Task;
                if (place < _events.Count)
                {
                    next = _events[place++];
                }
                else if (_progress is { } progress && progress != told)
                {
                    next = told = progress;
                }
            }

            if (next is not null)
            {
                yield return next;
                continue;
            }

            if (Ended.IsCompleted)
            {
                yield break;
            }

            await Task.WhenAny(changed, Ended).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stops the search and waits until it has.</summary>
    public async Task CancelAsync()
    {
        await _stop.CancelAsync();
        await Ended;
    }

    /// <summary>Stops running it here, as a lost machine would: the log is not told.</summary>
    public async Task LeaveAsync()
    {
        _left = true;
        await CancelAsync();
    }

    private async Task RunAsync(SearchWork work)
    {
        var output = Channel.CreateUnbounded<V1.SolveResponse>(new UnboundedChannelOptions { SingleReader = true });
        var taking = TakeAsync(output.Reader);
        try
        {
            await work(output.Writer, _stop.Token);
            End = (StatusCode.OK, "");
        }
        catch (OperationCanceledException)
        {
            End = (StatusCode.Cancelled, _left ? Elsewhere : "the search was cancelled");
        }
        catch (RpcException error)
        {
            End = (error.StatusCode, error.Status.Detail);
        }
        catch (Exception error)
        {
            End = (StatusCode.Internal, error.Message);
        }
        finally
        {
            output.Writer.TryComplete();
            await taking;
        }
    }

    private async Task TakeAsync(ChannelReader<V1.SolveResponse> events)
    {
        await foreach (var one in events.ReadAllAsync())
        {
            TaskCompletionSource changed;
            lock (_lock)
            {
                if (one.Progress is null)
                {
                    _events.Add(one);
                }
                else
                {
                    _progress = one;
                }

                (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            changed.SetResult();
        }
    }
}
