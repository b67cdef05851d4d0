using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.Tcg.Tests;

/// <summary>A Sandbox that says what a function of program and test says.</summary>
public sealed class ScriptedSandbox : V1.SandboxService.SandboxServiceBase
{
    public Func<string, V1.TestCase, (V1.Verdict Verdict, string Actual)> Run { get; set; } = (_, _) => (V1.Verdict.Accepted, "1");

    public Func<ServerCallContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    public bool Isolated { get; set; } = true;

    public ConcurrentQueue<V1.ExecuteRequest> Requests { get; } = new();

    public override Task<V1.GetCapabilitiesResponse> GetCapabilities(V1.GetCapabilitiesRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.GetCapabilitiesResponse { Isolated = Isolated, Isolation = { "no namespaces" } });

    public override async Task<V1.ExecuteResponse> Execute(V1.ExecuteRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        await Before(context);
        var response = new V1.ExecuteResponse { Compiled = true, Total = request.Tests.Count };
        foreach (var (test, i) in request.Tests.Select((test, i) => (test, i)))
        {
            var (verdict, actual) = Run(request.Program, test);
            response.Results.Add(new V1.TestResult { Index = i, Verdict = verdict, Actual = actual });
            if (verdict == V1.Verdict.CompileError)
            {
                response.Compiled = false;
                break;
            }
        }

        return response;
    }
}
