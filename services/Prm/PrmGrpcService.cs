using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace O1Coder.Prm;

/// <summary>The gRPC face of the service.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the gRPC server.")]
internal sealed class PrmGrpcService(StepScorer scorer) : V1.PrmService.PrmServiceBase
{
    /// <inheritdoc/>
    public override async Task<V1.ScoreStepsResponse> ScoreSteps(V1.ScoreStepsRequest request, ServerCallContext context)
    {
        PrmRequests.CheckProblem(request.Problem, "problem");
        PrmRequests.CheckSteps(request.Steps, "steps", least: 1);
        var scores = await PrmTelemetry.RunAsync("score steps", request.Problem.Id, () => scorer.ScoreStepsAsync(
            request.Problem, request.Steps, request.HasAdapter ? request.Adapter : null, request.Ticket, context.CancellationToken));
        return new V1.ScoreStepsResponse { Rewards = { scores.Margins.Select(Scores.Reward) }, Mode = scores.Mode, Model = scores.Model };
    }

    /// <inheritdoc/>
    public override async Task<V1.CompareResponse> Compare(V1.CompareRequest request, ServerCallContext context)
    {
        PrmRequests.CheckProblem(request.Problem, "problem");
        PrmRequests.CheckSteps(request.Prefix, "prefix", least: 0);
        PrmRequests.CheckSteps(request.Candidates, "candidates", least: 1);
        var scores = await PrmTelemetry.RunAsync("compare steps", request.Problem.Id, () => scorer.CompareAsync(
            request.Problem, request.Prefix, request.Candidates, request.HasAdapter ? request.Adapter : null, request.Ticket, context.CancellationToken));
        return new V1.CompareResponse { Scores = { scores.Margins }, Mode = scores.Mode, Model = scores.Model };
    }

    /// <inheritdoc/>
    public override async Task BuildPrmData(
        V1.BuildPrmDataRequest request, IServerStreamWriter<V1.BuildPrmDataResponse> responseStream, ServerCallContext context)
    {
        foreach (var example in TrainingData.Build(TrainingRequestReader.Read(request)))
        {
            await responseStream.WriteAsync(new V1.BuildPrmDataResponse { Example = example }, context.CancellationToken);
        }
    }
}
