namespace O1Coder.Search.Tests;

/// <summary>Rewards by a function of a step's text.</summary>
internal sealed class ScriptedEvaluator(Func<string, double> reward) : IStepEvaluator
{
    public List<(IReadOnlyList<SearchNode> Path, IReadOnlyList<StepCandidate> Candidates)> Asked { get; } = [];

    public Task<IReadOnlyList<double>> EvaluateAsync(
        IReadOnlyList<SearchNode> path, IReadOnlyList<StepCandidate> candidates, CancellationToken cancellationToken)
    {
        Asked.Add((path, candidates));
        return Task.FromResult<IReadOnlyList<double>>([.. candidates.Select(one => reward(one.Text))]);
    }
}
