using Grpc.Core;

namespace O1Coder.SelfPlay.Tests;

/// <summary>A process reward model that knows good programs once it is trained.</summary>
public sealed class LoopPrm(LoopPolicy policy) : V1.PrmService.PrmServiceBase
{
    /// <summary>r of a step, by the adapter's folder ("" for none) and the step's text.</summary>
    public Func<string, string, double> Score { get; set; } = (folder, text) =>
        folder.Length == 0 ? 0.5 : text.StartsWith("# passes 9", StringComparison.Ordinal) ? 0.9 : 0.2;

    public override Task<V1.ScoreStepsResponse> ScoreSteps(V1.ScoreStepsRequest request, ServerCallContext context)
    {
        Assert.Empty(request.Problem.HiddenTests);
        Assert.Empty(request.Problem.ReferenceSolutions);
        var folder = "";
        if (request.Adapter.Length > 0)
        {
            folder = policy.Adapters.GetValueOrDefault(request.Adapter)?.Folder
                ?? throw new RpcException(new Status(StatusCode.NotFound, $"no adapter {request.Adapter}"));
        }

        return Task.FromResult(new V1.ScoreStepsResponse { Rewards = { request.Steps.Select(step => Score(folder, step.Text)) } });
    }

    public override async Task BuildPrmData(
        V1.BuildPrmDataRequest request, IServerStreamWriter<V1.BuildPrmDataResponse> responseStream, ServerCallContext context)
    {
        foreach (var path in request.Paths)
        {
            Assert.Empty(path.Problem.HiddenTests);
            await responseStream.WriteAsync(new V1.BuildPrmDataResponse
            {
                Example = new V1.TrainingExample
                {
                    Id = $"{path.SearchId}/{path.Steps[^1].Node}",
                    Stepwise = new V1.StepwiseLabels
                    {
                        Prompt = path.Problem.Statement,
                        Completions = { path.Steps.Select(step => step.Step.Text) },
                        Labels = { path.Steps.Select(step => step.Value) },
                    },
                },
            });
        }
    }
}
