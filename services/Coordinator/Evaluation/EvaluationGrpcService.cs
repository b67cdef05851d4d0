using System.Threading.Channels;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Serves o1coder.v1.EvaluationService.</summary>
internal sealed class EvaluationGrpcService(IEvaluator evaluator, IHostApplicationLifetime lifetime) : V1.EvaluationService.EvaluationServiceBase
{
    // A client that stays behind slows its own evaluation, not the memory.
    private const int EventsAhead = 256;

    /// <inheritdoc/>
    public override async Task Evaluate(
        V1.EvaluateRequest request, IServerStreamWriter<V1.EvaluateResponse> responseStream, ServerCallContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var events = Channel.CreateBounded<V1.EvaluateResponse>(new BoundedChannelOptions(EventsAhead) { SingleReader = true });
        var run = RunAsync(request, events.Writer, stop.Token);
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
            throw new RpcException(new Status(StatusCode.Unavailable, "the coordinator is stopping; the same request goes on"));
        }
        finally
        {
            // The client is gone or the stream broke: the evaluation ends too, and its log is closed before this returns.
            await stop.CancelAsync();
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(V1.EvaluateRequest request, ChannelWriter<V1.EvaluateResponse> output, CancellationToken cancellationToken)
    {
        try
        {
            await evaluator.RunAsync(request, one => output.WriteAsync(one, cancellationToken), cancellationToken);
        }
        finally
        {
            output.TryComplete();
        }
    }
}
