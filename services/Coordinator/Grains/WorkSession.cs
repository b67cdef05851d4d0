using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// A search or a run that runs here, and those who watch it. Events are kept until the session goes, so that a watcher who comes
/// late, or again, gets those it lacks; of progress only the last counts.
/// </summary>
/// <typeparam name="TEvent">What it tells.</typeparam>
internal sealed class WorkSession<TEvent> : IAsyncDisposable
    where TEvent : class
{
    private readonly Lock _lock = new();
    private readonly List<TEvent> _events = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ChannelWriter<TEvent>, CancellationToken, Task> _work;
    private readonly Func<TEvent, bool> _isProgress;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TEvent? _progress;
    private bool _left;

    /// <summary>Begins to run the work.</summary>
    /// <param name="work">Writes its events; those of before it was broken off too.</param>
    /// <param name="isProgress">Whether an event only says where the work stands.</param>
    public WorkSession(Func<ChannelWriter<TEvent>, CancellationToken, Task> work, Func<TEvent, bool> isProgress)
    {
        (_work, _isProgress) = (work, isProgress);
        Ended = Task.Run(RunAsync);
    }

    /// <summary>Completes when the work runs no more, however it ended.</summary>
    public Task Ended { get; }

    /// <summary>How it ended; to be read after <see cref="Ended"/>.</summary>
    public WorkEnd End { get; private set; } = new(StatusCode.Unknown, "");

    /// <summary>The events but for the first ones, as they come, until the work runs no more.</summary>
    /// <param name="known">Says of an event whether the watcher has it.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    public async IAsyncEnumerable<TEvent> WatchAsync(Func<TEvent, bool> known, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (place, told) = (0, default(TEvent));
        while (true)
        {
            TEvent? next = null;
            Task changed;
            lock (_lock)
            {
                while (place < _events.Count && known(_events[place]))
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

    /// <summary>Stops the work and waits until it has.</summary>
    public async Task CancelAsync()
    {
        await _stop.CancelAsync();
        await Ended;
    }

    /// <summary>Stops running it here: it goes on elsewhere.</summary>
    public async ValueTask DisposeAsync()
    {
        _left = true;
        await CancelAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var output = Channel.CreateUnbounded<TEvent>(new UnboundedChannelOptions { SingleReader = true });
        var taking = TakeAsync(output.Reader);
        try
        {
            await _work(output.Writer, _stop.Token);
            End = new WorkEnd(StatusCode.OK, "");
        }
        catch (OperationCanceledException)
        {
            End = _left ? WorkEnd.Elsewhere : new WorkEnd(StatusCode.Cancelled, "it was cancelled");
        }
        catch (RpcException error)
        {
            End = new WorkEnd(error.StatusCode, error.Status.Detail);
        }
        catch (Exception error)
        {
            // Told to whoever watches; there is nobody above who could be.
            End = new WorkEnd(StatusCode.Internal, error.Message);
        }
        finally
        {
            output.Writer.TryComplete();
            await taking;
        }
    }

    private async Task TakeAsync(ChannelReader<TEvent> events)
    {
        await foreach (var one in events.ReadAllAsync())
        {
            TaskCompletionSource changed;
            lock (_lock)
            {
                if (_isProgress(one))
                {
                    _progress = one;
                }
                else
                {
                    // What stood before it is told no more: nothing comes after the last event.
                    _events.Add(one);
                    _progress = null;
                }

                (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            changed.SetResult();
        }
    }
}
