using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// Compares programs by the process reward model: P(a ≻ b) = σ(s_a − s_b), s being the score of a program, of which by its
/// training only differences mean something (Bradley and Terry's model). Each program is scored once.
/// </summary>
/// <param name="rewards">Asks the model.</param>
/// <param name="plan">The search.</param>
/// <param name="model">The weights.</param>
/// <param name="adapter">Finds the reward model's adapter; null for none.</param>
/// <param name="ticket">Where the search's requests stand in Policy's queue.</param>
/// <param name="meter">Says what is being done.</param>
internal sealed class PrmComparer(
    StepRewards rewards, SolvePlan plan, V1.GetModelResponse model, Lazy<Task<V1.Adapter?>> adapter, V1.QueueTicket ticket,
    ProgressMeter meter) : IComparer
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<double>> _scores = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<double> CompareAsync(string first, string second, CancellationToken cancellationToken)
    {
        using var activity = meter.Doing("comparing programs");
        var scores = await Task.WhenAll(ScoreAsync(first, cancellationToken), ScoreAsync(second, cancellationToken));
        return 1 / (1 + Math.Exp(scores[1] - scores[0]));
    }

    // Rollouts of one search end together, so that the token of the first who asks is as good as another's.
    private Task<double> ScoreAsync(string program, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_scores.TryGetValue(program, out var score))
            {
                score = AskAsync(program, cancellationToken);
                _scores.Add(program, score);
            }

            return score;
        }
    }

    private async Task<double> AskAsync(string program, CancellationToken cancellationToken) => await rewards.ScoreOfAsync(
        new V1.CompareRequest
        {
            Problem = ProblemReading.ToWire(plan.Problem, plan.Tests.Visible),
            Candidates = { new V1.ReasoningStep { Action = V1.StepAction.Code, Text = program } },
            Ticket = ticket,
        },
        model, await adapter.Value.WaitAsync(cancellationToken), cancellationToken);
}
