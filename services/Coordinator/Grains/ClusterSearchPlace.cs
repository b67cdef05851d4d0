using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Orleans.Runtime;

namespace O1Coder.Coordinator;

/// <summary>
/// Runs searches as grains. When the coordinator that runs one is lost the watching is begun again, which makes another take the
/// search up from its log; events that were seen are not told twice.
/// </summary>
internal sealed class ClusterSearchPlace(
    IGrainFactory grains, CoordinatorOptions options, TimeProvider clock, ILogger<ClusterSearchPlace> logger) : ISearchPlace
{
    // As long as a cluster may need to notice that a member is gone, and more.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task RunAsync(SolvePlan plan, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        var id = SearchFolder.NewId(plan, clock);
        var grain = grains.GetGrain<ISearchGrain>(id);
        var request = plan.Request.ToByteArray();
        try
        {
            await FollowAsync(
                grain, begin: () => grain.BeginAsync(request, (int)plan.Priority), id, after: 0, output, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await grain.CancelAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task WatchAsync(string searchId, long after, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<ISearchGrain>(searchId);
        return FollowAsync(grain, begin: null, searchId, after, output, cancellationToken);
    }

    private async Task FollowAsync(
        ISearchGrain grain, Func<Task>? begin, string id, long after, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        var lost = (long?)null;
        while (true)
        {
            try
            {
                // Before its folder is there nobody else could take the search up: it is begun by whom it was asked for.
                if (begin is not null && !SearchFolder.Exists(options.RunsFolder, id))
                {
                    await begin().WaitAsync(cancellationToken);
                }

                await foreach (var news in grain.WatchAsync(after, cancellationToken).WithCancellation(cancellationToken))
                {
                    lost = null;
                    if (news.Event is null)
                    {
                        if ((StatusCode)news.Status == StatusCode.Cancelled && news.Detail == SearchSession.Elsewhere)
                        {
                            break;
                        }

                        SearchEnds.ThrowUnlessDone((StatusCode)news.Status, news.Detail);
                        return;
                    }

                    var one = V1.SolveResponse.Parser.ParseFrom(news.Event);
                    after = Math.Max(after, one.Sequence);
                    await output.WriteAsync(one, cancellationToken);
                }
            }
            catch (Exception error) when (IsLoss(error) && !cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning(error, "Search {Search} was lost sight of after event {Event}", id, after);
            }

            lost ??= clock.GetTimestamp();
            if (clock.GetElapsedTime(lost.Value) > s_patience)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, $"search {id} cannot be reached; its log is kept: resume it later"));
            }

            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }

    private static bool IsLoss(Exception error) =>
        error is OrleansException or TimeoutException or EnumerationAbortedException or ObjectDisposedException or SiloUnavailableException;
}
