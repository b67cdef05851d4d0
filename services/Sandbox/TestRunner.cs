using System.Diagnostics;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;
using O1Coder.Sandbox.Checking;
using O1Coder.Sandbox.Judging;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Runs a program against its tests, each in a fresh box, and makes the report.</summary>
internal sealed class TestRunner(Launcher launcher, Admission admission, SandboxTelemetry telemetry, IOptions<SandboxOptions> options)
{
    /// <summary>Runs every test, or up to one at which the request stops.</summary>
    /// <exception cref="RpcException">
    /// InvalidArgument for a test that is not Python; ResourceExhausted; FailedPrecondition; Unavailable when the
    /// launcher died, which the next request starts again.
    /// </exception>
    public async Task<ExecuteResponse> RunAsync(ExecuteRequest request, BoxLimits limits, CancellationToken cancellationToken)
    {
        using var place = admission.Enter();
        var response = new ExecuteResponse { Total = request.Tests.Count, Usage = new ResourceUsage(), Trust = Trust.High };
        for (var index = 0; index < request.Tests.Count; index++)
        {
            var (facts, result) = await RunTestAsync(request, request.Program, limits, index, cancellationToken);
            Add(response, facts, result);
            if (Ends(result.Verdict, request))
            {
                break;
            }
        }

        response.Verdict = response.FirstFailure?.Verdict ?? Verdict.Accepted;
        response.Message = Message(response);
        if (request.Trace && response.FirstFailure is { } first && response.Compiled)
        {
            response.Trace = await TraceAsync(request, limits, first.Index, cancellationToken);
        }

        if (request.Measure)
        {
            response.Metrics = await MeasureAsync(request, response, limits, cancellationToken);
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

    private async Task<(BoxFacts Facts, TestResult Result)> RunTestAsync(
        ExecuteRequest request, string program, BoxLimits limits, int index, CancellationToken cancellationToken)
    {
        var test = request.Tests[index];
        var plan = TestPlan.For(test, request.Entry);
        using var activity = telemetry.Activities.StartActivity("sandbox.run");
        var asked = Stopwatch.GetTimestamp();
        using var box = await admission.TakeBoxAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var facts = await RunBoxAsync(BoxOf(plan, program, request, limits), cancellationToken);
        if (facts.Judge is { Outcome: "bad-test" } refused)
        {
            InvalidArgument.Throw($"tests[{index}].assertion.code", test.Assertion?.Code, $"Python that parses ({refused.Error})");
        }

        if (facts.Judge is { Outcome: "inside" })
        {
            plan = TestPlan.Inside(plan.Test!);
            facts = await RunBoxAsync(BoxOf(plan, program, request, limits), cancellationToken);
        }

        var answer = AnswerOf(test, plan, facts, request.Checker);
        if (VerdictRule.Decide(facts, answer) is not { } verdict)
        {
            answer = CheckerRun.Weigh(answer, await RunBoxAsync(CheckerBox(test, request.Checker, plan, facts, answer), cancellationToken));
            verdict = answer.Verdict!.Value;
        }

        telemetry.Record(verdict, Stopwatch.GetElapsedTime(asked, began), Stopwatch.GetElapsedTime(began));
        activity?.SetTag("verdict", verdict.ToString());
        return (facts, TestReport.Of(test, index, plan, facts, answer, verdict));
    }

    private static BoxRequest BoxOf(TestPlan plan, string program, ExecuteRequest request, BoxLimits limits, bool trace = false) =>
        new(program, plan.Mode, plan.Input, limits)
        {
            Test = plan.Test ?? "",
            Files = request.Files.ToDictionary(file => file.Key, file => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Value)),
            Trace = trace,
        };

    private static Answer AnswerOf(TestCase test, TestPlan plan, BoxFacts facts, Checker? checker) => plan.Mode switch
    {
        BoxMode.Judge => Answer.OfJudge(facts.Judge),
        BoxMode.Call or BoxMode.Inside => AnswerReading.Of(plan, facts.Channel, checker),
        _ when checker?.Kind == CheckerKind.Program => new Answer(null),
        _ => OutputComparison.Equal(checker, Encoding.UTF8.GetBytes(test.Stdio.Stdout), facts.Output) ? Answer.Right : new Answer(Verdict.WrongAnswer),
    };

    private BoxRequest CheckerBox(TestCase test, Checker checker, TestPlan plan, BoxFacts facts, Answer answer) => plan.Mode == BoxMode.Stdio
        ? CheckerRun.Request(checker, test.Stdio.Stdin, test.Stdio.Stdout, facts.Output, OwnLimits)
        : CheckerRun.Request(checker, test.Function.ArgsJson, test.Function.ExpectedJson, Encoding.UTF8.GetBytes(answer.Actual), OwnLimits);

    private BoxLimits OwnLimits => RequestValidation.Limits(new ExecutionLimits(), options.Value);

    private async Task<V1.Trace?> TraceAsync(ExecuteRequest request, BoxLimits limits, int index, CancellationToken cancellationToken)
    {
        var plan = TestPlan.For(request.Tests[index], request.Entry);
        plan = plan.Mode == BoxMode.Judge ? TestPlan.Inside(plan.Test!) : plan;
        using var box = await admission.TakeBoxAsync(cancellationToken);
        var facts = await RunBoxAsync(BoxOf(plan, request.Program, request, limits, trace: true), cancellationToken);
        return TraceReading.Read(facts.Channel, request.Program);
    }

    private async Task<ProgramMetrics> MeasureAsync(ExecuteRequest request, ExecuteResponse response, BoxLimits limits, CancellationToken cancellationToken)
    {
        var metrics = new ProgramMetrics
        {
            CpuSeconds = response.Usage.CpuSeconds,
            PeakMemoryBytes = response.Usage.PeakMemoryBytes,
            Lines = SourceMeasure.Lines(request.Program, request.Language),
            CostUnit = "cpu",
        };
        using (await admission.TakeBoxAsync(cancellationToken))
        {
            var facts = await RunBoxAsync(new BoxRequest(request.Program, BoxMode.Inspect, ReadOnlyMemory<byte>.Empty, OwnLimits), cancellationToken);
            metrics.CyclomaticComplexity = SourceMeasure.Complexity(facts.Channel);
        }

        if (request.ReferenceProgram.Length > 0)
        {
            metrics.RelativeCost = await RelativeCostAsync(request, response, limits, cancellationToken);
        }

        return metrics;
    }

    // The reference runs on the tests that the program ran on; where it fails one, it is no measure.
    private async Task<double> RelativeCostAsync(ExecuteRequest request, ExecuteResponse response, BoxLimits limits, CancellationToken cancellationToken)
    {
        var seconds = 0.0;
        foreach (var index in response.Results.Select(result => result.Index))
        {
            var (facts, result) = await RunTestAsync(request, request.ReferenceProgram, limits, index, cancellationToken);
            seconds += facts.Cpu;
            if (result.Verdict != Verdict.Accepted)
            {
                response.Message += $"; the reference program comes to {result.Verdict} on test {index + 1}";
                return 0;
            }
        }

        return seconds > 0 ? response.Usage.CpuSeconds / seconds : 0;
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
}
