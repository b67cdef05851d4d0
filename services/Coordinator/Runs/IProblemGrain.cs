namespace O1Coder.Coordinator;

/// <summary>One problem of a run, wherever in the cluster its search goes on; the key is the run's name, a slash and the problem's.</summary>
internal interface IProblemGrain : IGrainWithStringKey
{
    /// <summary>See <see cref="IProblemWork.GrantAsync"/>.</summary>
    Task<GrantOutcome> GrantAsync(long place, int rollouts, bool last, GrainCancellationToken cancellationToken);
}
