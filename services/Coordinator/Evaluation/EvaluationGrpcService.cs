using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Serves o1coder.v1.EvaluationService.</summary>
internal sealed class EvaluationGrpcService(IEvaluator evaluator, EventStreams streams) : V1.EvaluationService.EvaluationServiceBase
{
    /// <inheritdoc/>
    public override Task Evaluate(
        V1.EvaluateRequest request, IServerStreamWriter<V1.EvaluateResponse> responseStream, ServerCallContext context) =>
        streams.ServeAsync(
            responseStream, context,
            (output, cancellationToken) => evaluator.RunAsync(request, one => output.WriteAsync(one, cancellationToken), cancellationToken),
            "the coordinator is stopping; the same request goes on");
}
