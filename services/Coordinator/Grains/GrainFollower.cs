using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Follows a search or a run to its end. When the coordinator that runs it is lost the watching is begun again, which makes another
/// take it up from its log.
/// </summary>
internal sealed class GrainFollower(TimeProvider clock, ILogger<GrainFollower> logger)
{
    // As long as a cluster may need to notice that a member is gone, and more.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Follows it.</summary>
    /// <param name="grain">The search or run.</param>
    /// <param name="begin">Begins it where it was not; null where it is known to be.</param>
    /// <param name="take">Takes an event and says the number of the last that is known.</param>
    /// <param name="cancellationToken">Ends the following; the work too where its owner says so.</param>
    /// <exception cref="RpcException">The work failed; Unavailable: it cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">The token, or the work, was cancelled.</exception>
    public async Task FollowAsync(
        IWatchedGrain grain, Func<Task>? begin, Func<byte[], ValueTask<long>> take, CancellationToken cancellationToken)
    {
        var (after, lost) = (0L, (long?)null);
        while (true)
        {
            try
            {
                if (begin is not null)
                {
                    await begin().WaitAsync(cancellationToken);
                }

                await foreach (var news in grain.WatchAsync(after, cancellationToken).WithCancellation(cancellationToken))
                {
                    if (news.Event is { } one)
                    {
                        lost = null;
                        after = await take(one);
                    }
                    else if (news.End is { } end && !GoesOn(end, lost))
                    {
                        end.ThrowUnlessDone();
                        return;
                    }
                }
            }
            catch (Exception error) when (IsLoss(error) && !cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning(error, "{Work} was lost sight of after event {Event}", grain.GetPrimaryKeyString(), after);
            }

            lost ??= clock.GetTimestamp();
            if (IsLate(lost))
            {
                throw new RpcException(new Status(
                    StatusCode.Unavailable, $"{grain.GetPrimaryKeyString()} cannot be reached; its log is kept: resume it later"));
            }

            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }

    private static bool IsLoss(Exception error) =>
        error is Orleans.Runtime.OrleansException or TimeoutException or EnumerationAbortedException or ObjectDisposedException;

    // The lock of a coordinator that is just dying is still held: it is asked again while there is patience.
    private bool GoesOn(WorkEnd end, long? lost) =>
        end.Equals(WorkEnd.Elsewhere) || (end.Status == StatusCode.FailedPrecondition && lost is not null && !IsLate(lost));

    private bool IsLate(long? lost) => lost is { } since && clock.GetElapsedTime(since) > s_patience;
}
