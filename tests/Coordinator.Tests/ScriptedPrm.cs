using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

/// <summary>A process reward model that rewards by a function of the step.</summary>
public sealed class ScriptedPrm : V1.PrmService.PrmServiceBase
{
    public ConcurrentQueue<V1.ScoreStepsRequest> Requests { get; } = new();

    public Func<V1.ReasoningStep, double> Reward { get; set; } = step => step.Text.Sum(c => c) % 100 / 100.0;

    public ConcurrentQueue<V1.CompareRequest> Comparisons { get; } = new();

    /// <summary>The score of a program; only differences mean something.</summary>
    public Func<V1.ReasoningStep, double> Score { get; set; } = step => step.Text.Sum(c => c) % 10 / 10.0;

    public override Task<V1.CompareResponse> Compare(V1.CompareRequest request, ServerCallContext context)
    {
        Comparisons.Enqueue(request);
        return Task.FromResult(new V1.CompareResponse
        {
            Scores = { request.Candidates.Select(Score) },
            Mode = V1.PrmMode.ZeroShot,
            Model = new V1.ModelIdentity(ScriptedPolicy.Model) { Adapter = request.Adapter },
        });
    }

    public override Task<V1.ScoreStepsResponse> ScoreSteps(V1.ScoreStepsRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        return Task.FromResult(new V1.ScoreStepsResponse
        {
            Rewards = { request.Steps.Select(Reward) },
            Mode = V1.PrmMode.ZeroShot,
            Model = new V1.ModelIdentity(ScriptedPolicy.Model) { Adapter = request.Adapter },
        });
    }
}
