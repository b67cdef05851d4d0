using System.Diagnostics;
using System.Threading.Channels;
using Orleans.Concurrency;
using Orleans.Placement;

namespace O1Coder.Coordinator;

/// <summary>A search as a grain, on the coordinator that has the fewest.</summary>
[Reentrant]
[ActivationCountBasedPlacement]
internal sealed class SearchGrain(SearchRunner runner, CoordinatorOptions options, TimeProvider clock)
    : WatchedGrain<V1.SolveResponse>(clock), ISearchGrain
{
    /// <inheritdoc/>
    public Task BeginAsync(byte[] request, int priority, string caller)
    {
        if (!IsBegun)
        {
            var plan = SolveRequestReader.Read(V1.SolveRequest.Parser.ParseFrom(request), options) with { Priority = (V1.Priority)priority };
            var folder = SearchFolder.New(options.RunsFolder, this.GetPrimaryKeyString());
            var span = ActivityContext.TryParse(caller, null, isRemote: true, out var parent) ? parent : default;
            Start((output, cancellationToken) => runner.RunAsync(plan, folder, resumes: true, output, cancellationToken, caller: span));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task ResumeAsync(ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        var folder = SearchFolder.Find(options.RunsFolder, this.GetPrimaryKeyString(), "search_id");
        using var held = await SearchLock.TakeAsync(folder, Clock, cancellationToken);
        await runner.ResumeAsync(folder, held, output, cancellationToken);
    }

    /// <inheritdoc/>
    protected override long NumberOf(V1.SolveResponse one) => one.Sequence;

    /// <inheritdoc/>
    protected override bool IsProgress(V1.SolveResponse one) => one.Progress is not null;
}
