using System.Threading.Channels;
using Grpc.Core;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Coordinator;

/// <summary>Serves o1coder.v1.SearchService.</summary>
internal sealed class SearchGrpcService(SearchRunner runner, SearchSlots slots, CoordinatorOptions options, EventStreams streams)
    : V1.SearchService.SearchServiceBase
{
    /// <inheritdoc/>
    public override async Task Solve(
        V1.SolveRequest request, IServerStreamWriter<V1.SolveResponse> responseStream, ServerCallContext context)
    {
        if (request.ResumeSearchId.Length > 0)
        {
            await ResumeAsync(request, responseStream, context);
            return;
        }

        var plan = SolveRequestReader.Read(request, options);
        using var slot = slots.Enter();
        await streams.ServeAsync(
            responseStream, context, (output, cancellationToken) => runner.RunAsync(plan, resumes: true, output, cancellationToken));
    }

    /// <inheritdoc/>
    public override async Task WatchSearch(
        V1.WatchSearchRequest request, IServerStreamWriter<V1.SolveResponse> responseStream, ServerCallContext context)
    {
        var folder = SearchFolder.Find(options.RunsFolder, request.SearchId, "search_id");
        await streams.ServeAsync(responseStream, context, (output, cancellationToken) => TellAsync(folder, output, cancellationToken));
    }

    private static async Task TellAsync(SearchFolder folder, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        await foreach (var one in LogFollower.FollowAsync(folder, cancellationToken))
        {
            await output.WriteAsync(one, cancellationToken);
        }
    }

    private async Task ResumeAsync(
        V1.SolveRequest request, IServerStreamWriter<V1.SolveResponse> responseStream, ServerCallContext context)
    {
        ThrowUnless(
            request.Equals(new V1.SolveRequest { ResumeSearchId = request.ResumeSearchId }), "resume_search_id", request.ResumeSearchId,
            "no other field beside it: the search's folder has the rest");
        var folder = SearchFolder.Find(options.RunsFolder, request.ResumeSearchId, "resume_search_id");
        using var slot = slots.Enter();
        using var held = SearchLock.Take(folder);
        await streams.ServeAsync(
            responseStream, context, (output, cancellationToken) => runner.ResumeAsync(folder, held, output, cancellationToken));
    }
}
