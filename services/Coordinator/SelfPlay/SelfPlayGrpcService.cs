using System.Threading.Channels;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Serves o1coder.v1.SelfPlayService.</summary>
internal sealed class SelfPlayGrpcService(PlayRunner runner, IHostApplicationLifetime lifetime) : V1.SelfPlayService.SelfPlayServiceBase
{
    private const int EventsAhead = 256;

    /// <inheritdoc/>
    public override async Task Play(
        V1.PlayRequest request, IServerStreamWriter<V1.PlayResponse> responseStream, ServerCallContext context)
    {
        var plan = PlayRequestReader.Read(request);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var events = Channel.CreateBounded<V1.PlayResponse>(new BoundedChannelOptions(EventsAhead) { SingleReader = true });
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
            // The client is gone or the stream broke: the run stops too, and its files are closed before this returns.
            await stop.CancelAsync();
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(PlayPlan plan, ChannelWriter<V1.PlayResponse> output, CancellationToken cancellationToken)
    {
        try
        {
            await runner.RunAsync(plan, output, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw PlayRunner.NotKept("the run's folder", error);
        }
        finally
        {
            output.TryComplete();
        }
    }
}
