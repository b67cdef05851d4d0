namespace O1Coder.Search;

/// <summary>Says what unfinished steps promise; in this system the process reward model behind the Prm service.</summary>
public interface IStepEvaluator
{
    /// <summary>
    /// Rewards candidates for the next step of one path. Asked once for each expansion that brings unfinished steps, and
    /// never where <see cref="SearchOptions.ProcessRewardWeight"/> is 0.
    /// </summary>
    /// <param name="path">The nodes from the root to the one that gets children, at least the root.</param>
    /// <param name="candidates">The new steps, at least one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>One reward r in [0, 1] a candidate, which depends on path and candidate alone.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<IReadOnlyList<double>> EvaluateAsync(
        IReadOnlyList<SearchNode> path, IReadOnlyList<StepCandidate> candidates, CancellationToken cancellationToken);
}
