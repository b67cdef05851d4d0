using System.Globalization;
using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Benchmarks;

/// <summary>A Sandbox that takes a program's first line for the number of tests that it passes. Keeps nothing.</summary>
/// <remarks>Public because the gRPC server makes its methods' delegates from outside.</remarks>
public sealed class ScriptedSandbox : SandboxService.SandboxServiceBase
{
    /// <inheritdoc/>
    public override Task<GetCapabilitiesResponse> GetCapabilities(GetCapabilitiesRequest request, ServerCallContext context) =>
        Task.FromResult(new GetCapabilitiesResponse { Isolated = true, Python = "scripted" });

    /// <inheritdoc/>
    public override Task<ExecuteResponse> Execute(ExecuteRequest request, ServerCallContext context)
    {
        var (first, total) = (request.Program.Split('\n')[0].Split(' ')[^1], request.Tests.Count);
        var passed = int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var said) ? Math.Min(said, total) : 0;
        var response = new ExecuteResponse
        {
            Compiled = true,
            Total = total,
            Passed = passed,
            Verdict = passed == total ? Verdict.Accepted : Verdict.WrongAnswer,
        };
        response.Results.AddRange(request.Tests.Select((test, i) => new TestResult
        {
            Index = i,
            Verdict = i < passed ? Verdict.Accepted : Verdict.WrongAnswer,
            Input = test.Assertion.Code,
        }));
        response.FirstFailure = response.Results.FirstOrDefault(result => result.Verdict != Verdict.Accepted);
        return Task.FromResult(response);
    }
}
