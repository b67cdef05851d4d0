using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Says what a search's unfinished steps promise, by the process reward model.</summary>
/// <param name="rewards">Asks it.</param>
/// <param name="plan">The search.</param>
/// <param name="model">The weights.</param>
/// <param name="adapter">Finds the reward model's adapter; null for none.</param>
/// <param name="ticket">Where the search's requests stand in Policy's queue.</param>
/// <param name="meter">Says what is being done.</param>
internal sealed class PrmEvaluator(
    StepRewards rewards, SolvePlan plan, V1.GetModelResponse model, Lazy<Task<V1.Adapter?>> adapter, V1.QueueTicket ticket, ProgressMeter meter)
    : IStepEvaluator
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<double>> EvaluateAsync(
        IReadOnlyList<SearchNode> path, IReadOnlyList<StepCandidate> candidates, CancellationToken cancellationToken)
    {
        using var activity = meter.Doing("rating steps");
        var prefix = WireSteps.NodesOf(path, last: false).Select(WireSteps.Of).ToList();
        var chosen = await adapter.Value.WaitAsync(cancellationToken);
        return await Task.WhenAll(candidates.Select(candidate =>
        {
            var last = WireSteps.Of(candidate.Action, candidate.Text);
            var problem = ProblemReading.ToWire(plan.Problem, plan.Tests.Visible);
            return rewards.OfLastAsync(
                new V1.ScoreStepsRequest { Problem = problem, Steps = { prefix, last }, Ticket = ticket }, model, chosen, cancellationToken);
        }));
    }
}
