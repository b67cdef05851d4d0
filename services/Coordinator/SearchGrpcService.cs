using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Serves o1coder.v1.SearchService.</summary>
internal sealed class SearchGrpcService(SearchRunner runner, SearchSlots slots, CoordinatorOptions options, EventStreams streams)
    : V1.SearchService.SearchServiceBase
{
    /// <inheritdoc/>
    public override async Task Solve(
        V1.SolveRequest request, IServerStreamWriter<V1.SolveResponse> responseStream, ServerCallContext context)
    {
        var plan = SolveRequestReader.Read(request, options);
        using var slot = slots.Enter();
        await streams.ServeAsync(
            responseStream, context, (output, cancellationToken) => runner.RunAsync(plan, output, cancellationToken));
    }
}
