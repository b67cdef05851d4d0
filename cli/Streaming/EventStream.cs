using Grpc.Core;

namespace O1Coder.Cli.Streaming;

/// <summary>Follows what a coordinator streams and keeps the display's time meanwhile, all on one thread at a time.</summary>
internal static class EventStream
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="clock">The clock that ticks.</param>
    /// <param name="take">Gets every event.</param>
    /// <param name="tick">Called every tenth of a second.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RpcException">The call failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task FollowAsync<TEvent>(
        IAsyncStreamReader<TEvent> stream, TimeProvider clock, Action<TEvent> take, Action tick, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_tick, clock);
        var ticked = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var next = stream.MoveNext(cancellationToken);
        while (true)
        {
            await Task.WhenAny(next, ticked);
            if (ticked.IsCompleted)
            {
                await ticked;
                tick();
                ticked = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            if (!next.IsCompleted)
            {
                continue;
            }

            if (!await next)
            {
                return;
            }

            take(stream.Current);
            next = stream.MoveNext(cancellationToken);
        }
    }
}
