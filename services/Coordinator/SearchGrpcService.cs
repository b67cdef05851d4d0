using System.Threading.Channels;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Serves o1coder.v1.SearchService.</summary>
internal sealed class SearchGrpcService(
    SearchRunner runner, SearchSlots slots, CoordinatorOptions options, IHostApplicationLifetime lifetime) : V1.SearchService.SearchServiceBase
{
    // Enough for the events of a few rollouts; a client that stays behind slows its own search, not the memory.
    private const int EventsAhead = 256;

    /// <inheritdoc/>
    public override async Task Solve(
        V1.SolveRequest request, IServerStreamWriter<V1.SolveResponse> responseStream, ServerCallContext context)
    {
        var plan = SolveRequestReader.Read(request, options);
        using var slot = slots.Enter();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var events = Channel.CreateBounded<V1.SolveResponse>(new BoundedChannelOptions(EventsAhead) { SingleReader = true });
        var run = RunAsync(plan, events.Writer, stop.Token);
        try
        {
            await foreach (var one in events.Reader.ReadAllAsync(stop.Token))
            {
                await responseStream.WriteAsync(one, stop.Token);
            }

            await run;
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the coordinator is stopping"));
        }
        finally
        {
            // The client is gone or the stream broke: the search ends too, and its log is closed before this returns.
            await stop.CancelAsync();
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(SolvePlan plan, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        try
        {
            await runner.RunAsync(plan, output, cancellationToken);
        }
        finally
        {
            output.TryComplete();
        }
    }
}
