using Grpc.Core;
using Orleans.Placement;

namespace O1Coder.Coordinator;

/// <summary>A problem of a run as a grain: it is there while a grant lasts, on the coordinator that has the fewest.</summary>
[ActivationCountBasedPlacement]
internal sealed class ProblemGrain(ProblemSearch search) : Grain, IProblemGrain
{
    /// <inheritdoc/>
    public async Task<GrantOutcome> GrantAsync(long place, int rollouts, bool last, GrainCancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        try
        {
            // Off the grain's turn: a search computes nothing much here, but its continuations are many.
            var result = await Task.Run(
                () => search.GrantAsync(key[..slash], key[(slash + 1)..], place, rollouts, last, cancellationToken.CancellationToken));
            return new GrantOutcome(result, 0, "");
        }
        catch (RpcException error)
        {
            return new GrantOutcome(null, (int)error.StatusCode, error.Status.Detail);
        }
        catch (OperationCanceledException)
        {
            return new GrantOutcome(null, (int)StatusCode.Cancelled, "the grant was taken back");
        }
        finally
        {
            // Ten thousand problems are not ten thousand activations.
            DeactivateOnIdle();
        }
    }
}
