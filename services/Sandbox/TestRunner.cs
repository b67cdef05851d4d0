using System.Diagnostics;
using System.Text;
using Grpc.Core;
using O1Coder.ServiceDefaults;
using O1Coder.Sandbox.Languages;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Runs a program against its tests, each in a fresh box, and makes the report.</summary>
internal sealed class TestRunner(
    Launcher launcher, Admission admission, SandboxTelemetry telemetry, ProgramCompiler compiler, ProgramRunner programs)
{
    /// <summary>Runs every test, or up to one at which the request stops.</summary>
    /// <exception cref="RpcException">
    /// InvalidArgument for a test that is not Python; ResourceExhausted; FailedPrecondition; Unavailable when the
    /// launcher died, which the next request starts again.
    /// </exception>
    public async Task<ExecuteResponse> RunAsync(ExecuteRequest request, BoxLimits limits, CancellationToken cancellationToken)
    {
        using var place = admission.Enter();
        var response = new ExecuteResponse { Total = request.Tests.Count, Usage = new ResourceUsage() };
        var definition = request.Language == Language.Python ? null : Languages.Toolchains.Definition(request.Language);
        var sources = definition is null ? null : ProgramSources.Of(definition, request.Program);
        using var program = definition is null ? null : await compiler.CompileAsync(definition, sources!, cancellationToken);
        (response.CompileLog, response.CompileCached) = (program?.Outcome.Log ?? "", program?.IsCached ?? false);
        for (var index = 0; index < request.Tests.Count; index++)
        {
            var (facts, result) = await RunTestAsync(request, index, Runner, cancellationToken);
            response.Results.Add(result);
            response.Limiter = facts.Limiter.Length > 0 ? facts.Limiter : launcher.Report.Limiter;
            response.Compiled |= facts.Compiled;
            response.Usage.CpuSeconds += facts.Cpu;
            response.Usage.WallSeconds += facts.Wall;
            response.Usage.PeakMemoryBytes = Math.Max(response.Usage.PeakMemoryBytes, facts.Peak);
            response.Passed += result.Verdict == Verdict.Accepted ? 1 : 0;
            response.FirstFailure ??= result.Verdict == Verdict.Accepted ? null : result;
            if (Ends(result.Verdict, request))
            {
                break;
            }
        }

        response.Verdict = response.FirstFailure?.Verdict ?? Verdict.Accepted;
        response.Message = program?.Outcome.Error is { } error ? $"{response.Verdict}: {error}" : Message(response);
        return response;

        async Task<BoxFacts> Runner(TestCase test) => program switch
        {
            null => await RunBoxAsync(new BoxRequest(request.Program, test.Stdio?.Stdin ?? "", test.Assertion?.Code, limits), cancellationToken),
            { Outcome: { IsInternal: true, Error: { } error } } => new BoxFacts { Error = error },
            { Outcome: { Error: { } error } outcome } => new BoxFacts { Reason = "exit", Status = 1 << 8, CompileError = new CompileFailure(0, error, outcome.Log) },
            _ => (await programs.RunAsync(definition!, program, sources!, limits, test.Stdio?.Stdin ?? "", request.Files, null, cancellationToken)).Facts,
        };
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
        ExecuteRequest request, int index, Func<TestCase, Task<BoxFacts>> run, CancellationToken cancellationToken)
    {
        var test = request.Tests[index];
        using var activity = telemetry.Activities.StartActivity("sandbox.run");
        var asked = Stopwatch.GetTimestamp();
        using var box = await admission.TakeBoxAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var facts = await run(test);
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
