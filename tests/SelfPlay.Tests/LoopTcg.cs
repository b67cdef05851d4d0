using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.SelfPlay.Tests;

/// <summary>A test-case generator whose share of good cases depends on its adapter.</summary>
public sealed class LoopTcg(LoopPolicy policy) : V1.TcgService.TcgServiceBase
{
    /// <summary>Good cases of four, by the adapter's folder; "" for none.</summary>
    public Func<string, int> Good { get; set; } = folder =>
        folder.Length == 0 ? 1 : folder.EndsWith("tcg-dpo", StringComparison.Ordinal) ? 3 : 2;

    /// <summary>Whether all four repeat the examples, by the adapter's folder.</summary>
    public Func<string, bool> Repeats { get; set; } = _ => false;

    /// <summary>Answers that were given in full: kind, problem.</summary>
    public ConcurrentQueue<string> Answers { get; } = new();

    /// <summary>Runs before a call answers.</summary>
    public Func<ServerCallContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    public override async Task GenerateTests(
        V1.GenerateTestsRequest request, IServerStreamWriter<V1.GenerateTestsResponse> responseStream, ServerCallContext context)
    {
        await Before(context);
        var folder = "";
        if (request.Adapter.Length > 0)
        {
            folder = policy.Adapters.GetValueOrDefault(request.Adapter)?.Folder
                ?? throw new RpcException(new Status(StatusCode.NotFound, $"no adapter {request.Adapter}"));
        }

        var good = Repeats(folder) ? 0 : Good(folder);
        var finished = new V1.TcgFinished
        {
            GeneratedTokens = 40,
            Counts = Repeats(folder)
                ? new V1.TestCounts { Written = 4, Duplicates = 4 }
                : new V1.TestCounts { Written = 4, Good = good, WrongOutputs = 4 - good },
        };
        finished.Tests.AddRange(Enumerable.Range(0, good).Select(i => new V1.GeneratedTest { Test = Fakes.Test($"assert add(50, {i}) == {50 + i}"), Origin = V1.TestOrigin.Reference }));
        await responseStream.WriteAsync(new V1.GenerateTestsResponse { Progress = new V1.TcgProgress { GeneratedTokens = 20 } });
        await responseStream.WriteAsync(new V1.GenerateTestsResponse { Finished = finished });
        Answers.Enqueue($"tests {request.Problem.Id}");
    }

    public override async Task BuildTcgData(
        V1.BuildTcgDataRequest request, IServerStreamWriter<V1.BuildTcgDataResponse> responseStream, ServerCallContext context)
    {
        await Before(context);
        foreach (var problem in request.Problems)
        {
            var prompt = new V1.ChatMessage { Role = V1.ChatRole.User, Content = problem.Statement };
            var example = new V1.TrainingExample { Id = $"{problem.Id}/{request.Kind}" };
            if (request.Kind == V1.TcgDataKind.Sft)
            {
                example.Completion = new V1.PromptCompletion { Prompt = { prompt }, Completion = "right" };
            }
            else
            {
                example.Preference = new V1.Preference { Prompt = { prompt }, Chosen = "right", Rejected = "wrong" };
            }

            await responseStream.WriteAsync(new V1.BuildTcgDataResponse { Example = example });
            Answers.Enqueue($"{request.Kind} {problem.Id}");
        }
    }
}
