using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

/// <summary>A Sandbox that takes a program's word for the tests it passes.</summary>
public sealed class ScriptedSandbox : V1.SandboxService.SandboxServiceBase
{
    private int _calls;

    public ConcurrentQueue<V1.ExecuteRequest> Requests { get; } = new();

    public bool Isolated { get; set; } = true;

    /// <summary>Runs before the n-th call (from 1) answers; a verdict replaces the answer.</summary>
    public Func<int, V1.ExecuteRequest, V1.Verdict?> Before { get; set; } = (_, _) => null;

    public override Task<V1.GetCapabilitiesResponse> GetCapabilities(V1.GetCapabilitiesRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.GetCapabilitiesResponse { Isolated = Isolated, Python = "scripted 3", Isolation = { "no namespaces" } });

    public override Task<V1.ExecuteResponse> Execute(V1.ExecuteRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        if (Before(Interlocked.Increment(ref _calls), request) is { } verdict)
        {
            return Task.FromResult(new V1.ExecuteResponse { Verdict = verdict, Total = request.Tests.Count, Message = "scripted" });
        }

        // A reference solution says nothing, and passes everything.
        var isScripted = int.TryParse(request.Program.Split('\n')[0].Split(' ')[^1], out var said);
        var passes = isScripted ? said : request.Tests.Count;
        var response = new V1.ExecuteResponse
        {
            Compiled = true,
            Total = request.Tests.Count,
            Passed = Math.Min(passes, request.Tests.Count),
            Verdict = passes >= request.Tests.Count ? V1.Verdict.Accepted : V1.Verdict.WrongAnswer,
        };
        response.Results.AddRange(request.Tests.Select((test, i) => new V1.TestResult
        {
            Index = i,
            Verdict = i < passes ? V1.Verdict.Accepted : V1.Verdict.WrongAnswer,
            Input = test.Assertion.Code,
            Expected = "3",
            Actual = "4",
        }));
        response.Metrics = request.Measure
            ? new V1.ProgramMetrics { CpuSeconds = 0.1, CostUnit = "cpu", RelativeCost = request.ReferenceProgram.Length > 0 ? 2 : 0, Lines = isScripted ? 4 : 2, CyclomaticComplexity = 1 }
            : null;
        response.FirstFailure = response.Results.FirstOrDefault(result => result.Verdict != V1.Verdict.Accepted);
        return Task.FromResult(response);
    }
}
