using System.Diagnostics;
using System.Text;
using Grpc.Core;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Runs a program against its tests, each in a fresh box, and makes the report.</summary>
internal sealed class TestRunner(Launcher launcher, SandboxTelemetry telemetry)
{
    /// <summary>Runs every test, or up to one at which the request stops; several at once where boxes are free.</summary>
    /// <param name="request">What to run; checked.</param>
    /// <param name="limits">Its limits, none left open.</param>
    /// <param name="turn">The program's turn for boxes.</param>
    /// <param name="known">Takes each result as it becomes known, in the request's order.</param>
    /// <param name="cancellationToken">Ends what is under way.</param>
    /// <exception cref="RpcException">
    /// InvalidArgument for a test that is not Python; ResourceExhausted; FailedPrecondition; Unavailable when the
    /// launcher died, which the next request starts again.
    /// </exception>
    public async Task<ExecuteResponse> RunAsync(ExecuteRequest request, BoxLimits limits, ProgramTurn turn, Func<TestResult, Task> known,
        CancellationToken cancellationToken)
    {
        var response = new ExecuteResponse { Total = request.Tests.Count, Usage = new ResourceUsage() };
        await TestSequence.RunAsync(request.Tests.Count, turn.AtOnce, (index, token) => RunTestAsync(request, limits, turn, index, token),
            run => Ends(run.Result.Verdict, request), run =>
            {
                Add(response, run.Facts, run.Result);
                return known(run.Result);
            }, cancellationToken);
        response.Verdict = response.FirstFailure?.Verdict ?? Verdict.Accepted;
        response.Message = Message(response);
        return response;
    }

    private void Add(ExecuteResponse response, BoxFacts facts, TestResult result)
    {
        response.Results.Add(result);
        response.Limiter = facts.Limiter.Length > 0 ? facts.Limiter : launcher.Report.Limiter;
        response.Compiled |= facts.Compiled;
        response.Usage.CpuSeconds += facts.Cpu;
        response.Usage.WallSeconds += facts.Wall;
        response.Usage.PeakMemoryBytes = Math.Max(response.Usage.PeakMemoryBytes, facts.Peak);
        response.Passed += result.Verdict == Verdict.Accepted ? 1 : 0;
        response.FirstFailure ??= result.Verdict == Verdict.Accepted ? null : result;
    }

    private static bool Ends(Verdict verdict, ExecuteRequest request) => verdict switch
    {
        Verdict.Accepted => false,

        // A program that does not parse fails every test alike.
        Verdict.CompileError => true,
        Verdict.TimeLimit => request.StopAtTimeLimit || request.StopAtFirstFailure,
        _ => request.StopAtFirstFailure,
    };

    private static string Message(ExecuteResponse response) => response.FirstFailure is { } first
        ? $"{first.Verdict} on test {first.Index + 1} of {response.Total}; {response.Passed} passed"
        : $"all {response.Total} tests passed";

    private async Task<(BoxFacts Facts, TestResult Result)> RunTestAsync(
        ExecuteRequest request, BoxLimits limits, ProgramTurn turn, int index, CancellationToken cancellationToken)
    {
        var test = request.Tests[index];
        using var activity = telemetry.Activities.StartActivity("sandbox.run");
        var asked = Stopwatch.GetTimestamp();
        using var box = await turn.TakeBoxAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var facts = await RunBoxAsync(new BoxRequest(request.Program, test.Stdio?.Stdin ?? "", test.Assertion?.Code, limits), cancellationToken);
        if (facts.Judge is { Outcome: "bad-test" } refused)
        {
            InvalidArgument.Throw($"tests[{index}].assertion.code", test.Assertion?.Code, $"Python that parses ({refused.Error})");
        }

        var verdict = VerdictRule.Decide(facts, test.Stdio is null, Encoding.UTF8.GetBytes(test.Stdio?.Stdout ?? ""));
        telemetry.Record(verdict, Stopwatch.GetElapsedTime(asked, began), Stopwatch.GetElapsedTime(began));
        activity?.SetTag("verdict", verdict.ToString());
        return (facts, Report(test, facts, verdict, index));
    }

    private async Task<BoxFacts> RunBoxAsync(BoxRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await BoxClient.RunAsync(await launcher.ConnectAsync(cancellationToken), request, cancellationToken);
        }
        catch (SandboxUnavailableException exception)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, exception.Message));
        }
        catch (IOException exception)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"the sandbox lost its launcher ({exception.Message}); try again"));
        }
    }

    private static TestResult Report(TestCase test, BoxFacts facts, Verdict verdict, int index) => new()
    {
        Index = index,
        Verdict = verdict,
        Input = TextCut.Head(test.Stdio?.Stdin ?? test.Assertion?.Code ?? ""),
        Expected = TextCut.Head(test.Stdio?.Stdout ?? facts.Judge?.Expected ?? ""),
        Actual = test.Stdio is not null ? TextCut.Head(facts.Output) : TextCut.Head(facts.Judge?.Actual ?? ""),
        Stderr = TextCut.Tail(Explanation(facts)),
        Usage = new ResourceUsage { CpuSeconds = facts.Cpu, WallSeconds = facts.Wall, PeakMemoryBytes = facts.Peak },
        ExitStatus = facts.ExitStatus,
    };

    private static byte[] Explanation(BoxFacts facts)
    {
        if (facts.Judge is { Outcome: "compile-error" } judge)
        {
            return Encoding.UTF8.GetBytes(new CompileFailure(judge.Line, judge.Error, judge.Text).ToString());
        }

        var added = facts.Error ?? facts.CompileError?.ToString() ?? (facts.Judge is { Outcome: "raised" or "memory" } raised ? raised.Error : "");
        return [.. facts.ErrorOutput, .. Encoding.UTF8.GetBytes(added)];
    }
}
