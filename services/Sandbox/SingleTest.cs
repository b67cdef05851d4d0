using System.Diagnostics;
using System.Text;
using Grpc.Core;
using O1Coder.Sandbox.Checking;
using O1Coder.Sandbox.Judging;
using O1Coder.Sandbox.Programs;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Runs a program against one test in a fresh box and judges it.</summary>
internal sealed class SingleTest(BoxRunner boxes, SandboxTelemetry telemetry)
{
    /// <summary>Runs a program against a test of the request.</summary>
    /// <param name="request">The request; checked.</param>
    /// <param name="program">The program: the request's, or its reference program.</param>
    /// <param name="checker">The checker program, where one compares.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="turn">The program's turn for boxes.</param>
    /// <param name="index">The test's place in the request.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="RpcException">As of <see cref="TestRunner"/>.</exception>
    public async Task<(BoxFacts Facts, TestResult Result)> RunAsync(
        ExecuteRequest request, IReadyProgram program, IReadyProgram? checker, BoxLimits limits, ProgramTurn turn, int index, CancellationToken cancellationToken)
    {
        var files = FilesOf(request);
        var test = request.Tests[index];
        var plan = TestPlan.For(test, request.Entry);
        using var activity = telemetry.Activities.StartActivity("sandbox.run");
        var asked = Stopwatch.GetTimestamp();
        using var box = await turn.TakeBoxAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var facts = await program.RunAsync(plan, files, limits, trace: false, cancellationToken);
        if (facts.Judge is { Outcome: "bad-test" } refused)
        {
            InvalidArgument.Throw($"tests[{index}].assertion.code", test.Assertion?.Code, $"Python that parses ({refused.Error})");
        }

        if (facts.Judge is { Outcome: "inside" })
        {
            plan = TestPlan.Inside(plan.Test!);
            facts = await program.RunAsync(plan, files, limits, trace: false, cancellationToken);
        }

        var answer = AnswerOf(test, plan, facts, request.Checker);
        if (VerdictRule.Decide(facts, answer) is not { } verdict)
        {
            var given = plan.Mode == BoxMode.Stdio
                ? CheckerRun.Files(test.Stdio.Stdin, test.Stdio.Stdout, facts.Output)
                : CheckerRun.Files(test.Function.ArgsJson, test.Function.ExpectedJson, Encoding.UTF8.GetBytes(answer.Actual));
            answer = CheckerRun.Weigh(answer, await checker!.RunAsync(CheckerRun.Plan, given, boxes.OwnLimits, trace: false, cancellationToken));
            verdict = answer.Verdict!.Value;
        }

        telemetry.Record(verdict, Stopwatch.GetElapsedTime(asked, began), Stopwatch.GetElapsedTime(began));
        activity?.SetTag("verdict", verdict.ToString());
        return (facts, TestReport.Of(test, index, plan, facts, answer, verdict));
    }

    /// <summary>Runs a test once more and tells its steps; null where none came.</summary>
    /// <exception cref="RpcException">As of <see cref="TestRunner"/>.</exception>
    public static async Task<V1.Trace?> TraceAsync(ExecuteRequest request, IReadyProgram program, BoxLimits limits, ProgramTurn turn, int index, CancellationToken cancellationToken)
    {
        var plan = TestPlan.For(request.Tests[index], request.Entry);
        plan = plan.Mode == BoxMode.Judge ? TestPlan.Inside(plan.Test!) : plan;
        using var box = await turn.TakeBoxAsync(cancellationToken);
        var facts = await program.RunAsync(plan, FilesOf(request), limits, trace: true, cancellationToken);
        return TraceReading.Read(facts.Channel, request.Program);
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> FilesOf(ExecuteRequest request) =>
        request.Files.ToDictionary(file => file.Key, file => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Value));

    private static Answer AnswerOf(TestCase test, TestPlan plan, BoxFacts facts, Checker? checker) => plan.Mode switch
    {
        BoxMode.Judge => Answer.OfJudge(facts.Judge),
        BoxMode.Call or BoxMode.Inside => AnswerReading.Of(plan, facts.Channel, checker),
        _ when checker?.Kind == CheckerKind.Program => new Answer(null),
        _ => OutputComparison.Equal(checker, Encoding.UTF8.GetBytes(test.Stdio.Stdout), facts.Output) ? Answer.Right : new Answer(Verdict.WrongAnswer),
    };
}
