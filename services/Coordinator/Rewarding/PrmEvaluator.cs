using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Says what a search's unfinished steps promise, by the process reward model.</summary>
/// <param name="rewards">Asks it.</param>
/// <param name="plan">The search.</param>
/// <param name="model">The weights.</param>
/// <param name="adapter">The reward model's adapter; null for none.</param>
/// <param name="ticket">Where the search's requests stand in Policy's queue.</param>
/// <param name="meter">Says what is being done.</param>
internal sealed class PrmEvaluator(
    StepRewards rewards, SolvePlan plan, V1.GetModelResponse model, V1.Adapter? adapter, V1.QueueTicket ticket, ProgressMeter meter)
    : IStepEvaluator
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<double>> EvaluateAsync(
        IReadOnlyList<SearchNode> path, IReadOnlyList<StepCandidate> candidates, CancellationToken cancellationToken)
    {
        using var activity = meter.Doing("rating steps");
        var prefix = path.Skip(1).Select(node => new V1.ReasoningStep { Action = (V1.StepAction)node.Action, Text = node.Text }).ToList();
        return await Task.WhenAll(candidates.Select(candidate =>
        {
            var last = new V1.ReasoningStep { Action = (V1.StepAction)candidate.Action, Text = candidate.Text };
            var problem = ProblemReading.ToWire(plan.Problem, plan.Tests.Visible);
            return rewards.OfLastAsync(
                new V1.ScoreStepsRequest { Problem = problem, Steps = { prefix, last }, Ticket = ticket }, model, adapter, cancellationToken);
        }));
    }
}
