using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Follows a search or a run to its end. When the coordinator that runs it is lost the watching is begun again, which makes another
/// take it up from its log.
/// </summary>
internal sealed class GrainFollower(TimeProvider clock, ILogger<GrainFollower> logger)
{
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
        var after = 0L;
        var patience = new Patience(clock);
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
                        patience.Renew();
                        after = await take(one);
                    }
                    else if (news.End is { } end && !GoesOn(end, patience))
                    {
                        end.ThrowUnlessDone();
                        return;
                    }
                }
            }
            catch (Exception error) when (Patience.IsLoss(error) && !cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning(error, "{Work} was lost sight of after event {Event}", grain.GetPrimaryKeyString(), after);
            }

            patience.Try();
            if (patience.IsOver)
            {
                throw new RpcException(new Status(
                    StatusCode.Unavailable, $"{grain.GetPrimaryKeyString()} cannot be reached; its log is kept: resume it later"));
            }

            await patience.PauseAsync(cancellationToken);
        }
    }

    // The lock of a coordinator that is just dying is still held: it is asked again while there is patience.
    private static bool GoesOn(WorkEnd end, Patience patience) =>
        end.Equals(WorkEnd.Elsewhere) || (end.Status == StatusCode.FailedPrecondition && patience is { IsTried: true, IsOver: false });
}
