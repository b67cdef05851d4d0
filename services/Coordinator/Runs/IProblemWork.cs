namespace O1Coder.Coordinator;

/// <summary>Carries the search of one problem of a run on by some rollouts, here or in the cluster.</summary>
internal interface IProblemWork
{
    /// <summary>Goes on until so many rollouts were made in all, or the search has ended.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="problem">The problem's name.</param>
    /// <param name="place">Where it lies in the run's folder.</param>
    /// <param name="rollouts">Rollouts that are granted in all.</param>
    /// <param name="last">Whether the search is to end there whatever it came to, since nothing will be left for it.</param>
    /// <param name="cancellationToken">Leaves the search as it stands.</param>
    /// <exception cref="Grpc.Core.RpcException">The search failed.</exception>
    Task<GrantResult> GrantAsync(
        string runId, string problem, long place, int rollouts, bool last, CancellationToken cancellationToken);
}
