using System.Threading.Channels;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Serves o1coder.v1.SelfPlayService.</summary>
internal sealed class SelfPlayGrpcService(PlayRunner runner, EventStreams streams) : V1.SelfPlayService.SelfPlayServiceBase
{
    /// <inheritdoc/>
    public override Task Play(V1.PlayRequest request, IServerStreamWriter<V1.PlayResponse> responseStream, ServerCallContext context)
    {
        var plan = PlayRequestReader.Read(request);
        return streams.ServeAsync(responseStream, context, (output, cancellationToken) => RunAsync(plan, output, cancellationToken));
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
    }
}
