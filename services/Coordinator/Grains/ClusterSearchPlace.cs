using System.Diagnostics;
using System.Threading.Channels;
using Google.Protobuf;

namespace O1Coder.Coordinator;

/// <summary>Runs searches and runs as grains.</summary>
internal sealed class ClusterSearchPlace(
    IGrainFactory grains, GrainFollower follower, CoordinatorOptions options, TimeProvider clock, IHostApplicationLifetime lifetime)
    : ISearchPlace
{
    /// <inheritdoc/>
    public async Task RunAsync(SolvePlan plan, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        var id = SearchFolder.NewId(plan, clock);
        var grain = grains.GetGrain<ISearchGrain>(id);
        var request = plan.Request.ToByteArray();
        var caller = Activity.Current?.Id ?? "";

        // Before its folder is there nobody else could take the search up: it is begun by whom it was asked for.
        await FollowAsync(
            grain, () => SearchFolder.Exists(options.RunsFolder, id) ? Task.CompletedTask : grain.BeginAsync(request, (int)plan.Priority, caller),
            output, cancellationToken);
    }

    /// <inheritdoc/>
    public Task ResumeAsync(
        SearchFolder folder, SearchLock held, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        // The grain takes it.
        held.Dispose();
        return FollowAsync(grains.GetGrain<ISearchGrain>(folder.SearchId), null, output, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RunManyAsync(ManyFolder folder, ChannelWriter<V1.SolveManyResponse> output, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IRunGrain>(folder.RunId);
        var (started, told) = (false, new HashSet<string>(StringComparer.Ordinal));
        try
        {
            await follower.FollowAsync(
                grain, null,
                async bytes =>
                {
                    // A run that was taken up tells its answers again.
                    var one = V1.SolveManyResponse.Parser.ParseFrom(bytes);
                    if ((one.Started is null || !started) && (one.Answered is null || told.Add(one.Answered.ProblemId)))
                    {
                        started |= one.Started is not null;
                        await output.WriteAsync(one, cancellationToken);
                    }

                    return 0;
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (IsGivenUp(cancellationToken))
        {
            await grain.CancelAsync();
            throw;
        }
    }

    private async Task FollowAsync(
        ISearchGrain grain, Func<Task>? begin, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        var after = 0L;
        try
        {
            await follower.FollowAsync(
                grain, begin,
                async bytes =>
                {
                    var one = V1.SolveResponse.Parser.ParseFrom(bytes);
                    after = Math.Max(after, one.Sequence);
                    await output.WriteAsync(one, cancellationToken);
                    return after;
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (IsGivenUp(cancellationToken))
        {
            await grain.CancelAsync();
            throw;
        }
    }

    // The client went. When this coordinator stops, what runs elsewhere is left alone.
    private bool IsGivenUp(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
}
