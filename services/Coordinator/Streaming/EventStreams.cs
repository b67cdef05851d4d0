using System.Threading.Channels;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Streams what a piece of work tells to the client that asked for it.</summary>
internal sealed class EventStreams(IHostApplicationLifetime lifetime)
{
    // Enough for the events of a few rollouts; a client that stays behind slows its own work, not the memory.
    private const int EventsAhead = 256;

    /// <summary>Does the work and streams its events until both have ended.</summary>
    /// <param name="stream">Goes to the client.</param>
    /// <param name="context">The call.</param>
    /// <param name="work">The work. It is stopped when the client goes, the stream breaks or this service stops.</param>
    /// <param name="whenStopping">What the client is told when this service stops.</param>
    /// <exception cref="RpcException">Unavailable: this service stops; else whatever the work threw.</exception>
    /// <exception cref="OperationCanceledException">The client went.</exception>
    public async Task ServeAsync<TEvent>(
        IServerStreamWriter<TEvent> stream, ServerCallContext context, Func<ChannelWriter<TEvent>, CancellationToken, Task> work,
        string whenStopping = "the coordinator is stopping")
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var events = Channel.CreateBounded<TEvent>(new BoundedChannelOptions(EventsAhead) { SingleReader = true });
        var run = RunAsync(work, events.Writer, stop.Token);
        try
        {
            await foreach (var one in events.Reader.ReadAllAsync(stop.Token))
            {
                await stream.WriteAsync(one, stop.Token);
            }

            await run;
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, whenStopping));
        }
        finally
        {
            // The client is gone or the stream broke: the work ends too, and its files are closed before this returns.
            await stop.CancelAsync();
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task RunAsync<TEvent>(
        Func<ChannelWriter<TEvent>, CancellationToken, Task> work, ChannelWriter<TEvent> output, CancellationToken cancellationToken)
    {
        try
        {
            await work(output, cancellationToken);
        }
        finally
        {
            output.TryComplete();
        }
    }
}
