using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Gives the process rewards that a log holds and asks for the others.</summary>
internal sealed class LoggedEvaluator(LoggedAnswers answers, IStepEvaluator inner) : IStepEvaluator
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<double>> EvaluateAsync(
        IReadOnlyList<SearchNode> path, IReadOnlyList<StepCandidate> candidates, CancellationToken cancellationToken)
    {
        var known = candidates.Select(candidate => answers.Reward(path, candidate)).ToList();
        return known.TrueForAll(reward => reward is not null)
            ? Task.FromResult<IReadOnlyList<double>>([.. known.Select(reward => reward!.Value)])
            : inner.EvaluateAsync(path, candidates, cancellationToken);
    }
}
