using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Carries the searches of a run on in the cluster. A grant whose coordinator is lost is given again: the search goes on from its
/// log elsewhere, and what it had done is not done twice.
/// </summary>
internal sealed class ClusterProblemWork(IGrainFactory grains, TimeProvider clock, ILogger<ClusterProblemWork> logger) : IProblemWork
{
    /// <inheritdoc/>
    public async Task<GrantResult> GrantAsync(
        string runId, string problem, long place, int rollouts, bool last, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IProblemGrain>($"{runId}/{problem}");
        var patience = new Patience(clock);
        while (true)
        {
            using var cancel = new GrainCancellationTokenSource();
            await using var registration = cancellationToken.Register(() => _ = cancel.Cancel());
            try
            {
                var outcome = await grain.GrantAsync(place, rollouts, last, cancel.Token).WaitAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                if (outcome.Result is { } result)
                {
                    return result;
                }

                // Another coordinator may still hold the search's lock for a moment.
                if ((StatusCode)outcome.Status is not (StatusCode.Cancelled or StatusCode.FailedPrecondition) || patience.IsOver)
                {
                    throw new RpcException(new Status((StatusCode)outcome.Status, outcome.Detail));
                }
            }
            catch (Exception error) when (Patience.IsLoss(error) && !patience.IsOver)
            {
                logger.LogWarning(error, "The grant to {Problem} of {Run} was lost and is given again", problem, runId);
            }

            patience.Try();
            await patience.PauseAsync(cancellationToken);
        }
    }
}
