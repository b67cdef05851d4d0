using System.Threading.Channels;
using Grpc.Core;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Coordinator;

/// <summary>Serves o1coder.v1.SearchService.</summary>
internal sealed class SearchGrpcService(ISearchPlace place, ManyRuns runs, SearchSlots slots, CoordinatorOptions options, EventStreams streams,
    TimeProvider clock)
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
            responseStream, context, (output, cancellationToken) => place.RunAsync(plan, output, cancellationToken));
    }

    /// <inheritdoc/>
    public override async Task WatchSearch(
        V1.WatchSearchRequest request, IServerStreamWriter<V1.WatchSearchResponse> responseStream, ServerCallContext context)
    {
        var folder = SearchFolder.Find(options.RunsFolder, request.SearchId, "search_id");
        await streams.ServeAsync(responseStream, context, (output, cancellationToken) => TellAsync(folder, output, cancellationToken));
    }

    /// <inheritdoc/>
    public override async Task SolveMany(
        V1.SolveManyRequest request, IServerStreamWriter<V1.SolveManyResponse> responseStream, ServerCallContext context)
    {
        var folder = runs.Open(request);
        using var slot = slots.Enter();
        await streams.ServeAsync(
            responseStream, context, (output, cancellationToken) => place.RunManyAsync(folder, output, cancellationToken),
            "the coordinator is stopping; the run can be taken up again by its name");
    }

    private static async Task TellAsync(SearchFolder folder, ChannelWriter<V1.WatchSearchResponse> output, CancellationToken cancellationToken)
    {
        await foreach (var one in LogFollower.FollowAsync(folder, cancellationToken))
        {
            await output.WriteAsync(new V1.WatchSearchResponse { Told = one }, cancellationToken);
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
        var held = await SearchLock.TakeAsync(folder, clock, context.CancellationToken);
        await streams.ServeAsync(
            responseStream, context, (output, cancellationToken) => place.ResumeAsync(folder, held, output, cancellationToken));
    }
}
