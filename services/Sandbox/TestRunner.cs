using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Runs a program against its tests, each in a fresh box, and makes the report.</summary>
internal sealed class TestRunner(Launcher launcher, SingleTest tests, Measurement measurement)
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
        var response = new ExecuteResponse { Total = request.Tests.Count, Usage = new ResourceUsage(), Trust = Trust.High };
        await TestSequence.RunAsync(request.Tests.Count, turn.AtOnce, (index, token) => tests.RunAsync(request, request.Program, limits, turn, index, token),
            run => Ends(run.Result.Verdict, request), run =>
            {
                Add(response, run.Facts, run.Result);
                return known(run.Result);
            }, cancellationToken);
        response.Verdict = response.FirstFailure?.Verdict ?? Verdict.Accepted;
        response.Message = Message(response);
        if (request.Trace && request.Language == Language.Python && response is { FirstFailure: { } first, Compiled: true })
        {
            response.Trace = await tests.TraceAsync(request, limits, turn, first.Index, cancellationToken);
        }

        if (request.Measure)
        {
            response.Metrics = await measurement.MeasureAsync(request, response, limits, turn, cancellationToken);
        }

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
        response.Trust = result.Trust == Trust.Low ? Trust.Low : response.Trust;
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
}
