using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Evaluation.Tests;

/// <summary>A process reward model with an opinion on texts. Public for the gRPC server.</summary>
public sealed class ScriptedPrm : PrmService.PrmServiceBase
{
    /// <summary>The reward of a step.</summary>
    public Func<ReasoningStep, double> Reward { get; set; } = _ => 0.5;

    public List<ScoreStepsRequest> Requests { get; } = [];

    public override Task<ScoreStepsResponse> ScoreSteps(ScoreStepsRequest request, ServerCallContext context)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        return Task.FromResult(new ScoreStepsResponse { Rewards = { request.Steps.Select(Reward) }, Mode = PrmMode.Trained });
    }
}
