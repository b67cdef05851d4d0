using Grpc.Core;
using O1Coder.Sandbox.Programs;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Runs a program against its tests, each in a fresh box, and makes the report.</summary>
internal sealed class TestRunner(Launcher launcher, ProgramPreparation preparation, SingleTest tests, Measurement measurement)
{
    /// <summary>Runs every test, or up to one at which the request stops; several at once where boxes are free.</summary>
    /// <param name="request">What to run; checked.</param>
    /// <param name="limits">Its limits, none left open.</param>
    /// <param name="turn">The program's turn for boxes.</param>
    /// <param name="known">Takes each result as it becomes known, in the request's order.</param>
    /// <param name="cancellationToken">Ends what is under way.</param>
    /// <exception cref="RpcException">
    /// InvalidArgument for a test that is not Python; NotFound for a toolchain that is not here; ResourceExhausted; FailedPrecondition; Unavailable when the
    /// launcher died, which the next request starts again.
    /// </exception>
    public async Task<ExecuteResponse> RunAsync(ExecuteRequest request, BoxLimits limits, ProgramTurn turn, Func<TestResult, Task> known,
        CancellationToken cancellationToken)
    {
        var response = new ExecuteResponse { Total = request.Tests.Count, Usage = new ResourceUsage(), Trust = Trust.High };
        using var program = await preparation.PrepareAsync(request.Language, request.Program, request.Entry, turn, cancellationToken);
        using var checker = await CheckerAsync(request.Checker, turn, cancellationToken);
        (response.CompileLog, response.CompileCached) = (program.CompileLog, program.IsCached);
        await TestSequence.RunAsync(request.Tests.Count, program.CompileError is null ? turn.AtOnce : 1,
            (index, token) => tests.RunAsync(request, program, checker, limits, turn, index, token),
            run => Ends(run.Result.Verdict, request), run =>
            {
                Add(response, run.Facts, run.Result);
                return known(run.Result);
            }, cancellationToken);
        response.Verdict = response.FirstFailure?.Verdict ?? Verdict.Accepted;
        response.Message = program.CompileError is { } error ? $"{response.Verdict}: {error}" : Message(response);
        if (request.Trace && request.Language == Language.Python && response is { FirstFailure: { } first, Compiled: true })
        {
            response.Trace = await SingleTest.TraceAsync(request, program, limits, turn, first.Index, cancellationToken);
        }

        if (request.Measure)
        {
            response.Metrics = await measurement.MeasureAsync(request, response, checker, limits, turn, cancellationToken);
        }

        return response;
    }

    private async Task<IReadyProgram?> CheckerAsync(Checker? checker, ProgramTurn turn, CancellationToken cancellationToken)
    {
        if (checker is not { Kind: CheckerKind.Program })
        {
            return null;
        }

        var language = checker.Language == Language.Unspecified ? Language.Python : checker.Language;
        var ready = await preparation.PrepareAsync(language, checker.Program, entry: "", turn, cancellationToken);
        if (ready.CompileError is { } error)
        {
            ready.Dispose();
            InvalidArgument.Throw("checker.program", checker.Program, $"a program that compiles ({error}: {ready.CompileLog})");
        }

        return ready;
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
