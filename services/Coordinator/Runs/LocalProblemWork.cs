namespace O1Coder.Coordinator;

/// <summary>Carries the searches of a run on in this process.</summary>
internal sealed class LocalProblemWork(ProblemSearch search) : IProblemWork
{
    /// <inheritdoc/>
    public Task<GrantResult> GrantAsync(
        string runId, string problem, long place, int rollouts, bool last, CancellationToken cancellationToken) =>
        search.GrantAsync(runId, problem, place, rollouts, last, cancellationToken);
}
