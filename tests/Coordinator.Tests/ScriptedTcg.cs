using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

/// <summary>A test-case generator that has its tests ready.</summary>
public sealed class ScriptedTcg : V1.TcgService.TcgServiceBase
{
    public ConcurrentQueue<V1.GenerateTestsRequest> Requests { get; } = new();

    public IReadOnlyList<V1.GeneratedTest> Tests { get; set; } =
    [
        new() { Test = Programs.Test("assert add(1, 2) == 3"), Origin = V1.TestOrigin.Agreement, Agreed = 5, Ran = 6 },
        new() { Test = Programs.Test("assert add(0, 0) == 0"), Origin = V1.TestOrigin.Agreement, Agreed = 4, Ran = 6 },
    ];

    /// <summary>Runs after the progress and before the tests.</summary>
    public Func<ServerCallContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    public override async Task GenerateTests(
        V1.GenerateTestsRequest request, IServerStreamWriter<V1.GenerateTestsResponse> responseStream, ServerCallContext context)
    {
        Requests.Enqueue(request);
        await responseStream.WriteAsync(new V1.GenerateTestsResponse
        {
            Progress = new V1.TcgProgress { Activity = "writing inputs", GeneratedTokens = 30 },
        });
        await Before(context);
        await responseStream.WriteAsync(new V1.GenerateTestsResponse
        {
            Finished = new V1.TcgFinished
            {
                Tests = { Tests },
                Counts = new V1.TestCounts { Written = 9, Good = Tests.Count },
                GeneratedTokens = 100,
                Model = new V1.ModelIdentity(ScriptedPolicy.Model) { Adapter = request.Adapter },
            },
        });
    }
}
