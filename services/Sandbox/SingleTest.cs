using System.Diagnostics;
using System.Text;
using Grpc.Core;
using O1Coder.Sandbox.Checking;
using O1Coder.Sandbox.Judging;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Runs a program against one test in a fresh box and judges it.</summary>
internal sealed class SingleTest(BoxRunner boxes, SandboxTelemetry telemetry)
{
    /// <summary>Runs a program against a test of the request.</summary>
    /// <param name="request">The request; checked.</param>
    /// <param name="program">The program: the request's, or its reference program.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="turn">The program's turn for boxes.</param>
    /// <param name="index">The test's place in the request.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="RpcException">As of <see cref="TestRunner"/>.</exception>
    public async Task<(BoxFacts Facts, TestResult Result)> RunAsync(
        ExecuteRequest request, string program, BoxLimits limits, ProgramTurn turn, int index, CancellationToken cancellationToken)
    {
        var test = request.Tests[index];
        var plan = TestPlan.For(test, request.Entry);
        using var activity = telemetry.Activities.StartActivity("sandbox.run");
        var asked = Stopwatch.GetTimestamp();
        using var box = await turn.TakeBoxAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var facts = await boxes.RunAsync(BoxOf(plan, program, request, limits), cancellationToken);
        if (facts.Judge is { Outcome: "bad-test" } refused)
        {
            InvalidArgument.Throw($"tests[{index}].assertion.code", test.Assertion?.Code, $"Python that parses ({refused.Error})");
        }

        if (facts.Judge is { Outcome: "inside" })
        {
            plan = TestPlan.Inside(plan.Test!);
            facts = await boxes.RunAsync(BoxOf(plan, program, request, limits), cancellationToken);
        }

        var answer = AnswerOf(test, plan, facts, request.Checker);
        if (VerdictRule.Decide(facts, answer) is not { } verdict)
        {
            answer = CheckerRun.Weigh(answer, await boxes.RunAsync(CheckerBox(test, request.Checker, plan, facts, answer), cancellationToken));
            verdict = answer.Verdict!.Value;
        }

        telemetry.Record(verdict, Stopwatch.GetElapsedTime(asked, began), Stopwatch.GetElapsedTime(began));
        activity?.SetTag("verdict", verdict.ToString());
        return (facts, TestReport.Of(test, index, plan, facts, answer, verdict));
    }

    /// <summary>Runs a test once more and tells its steps; null where none came.</summary>
    /// <exception cref="RpcException">As of <see cref="TestRunner"/>.</exception>
    public async Task<V1.Trace?> TraceAsync(ExecuteRequest request, BoxLimits limits, ProgramTurn turn, int index, CancellationToken cancellationToken)
    {
        var plan = TestPlan.For(request.Tests[index], request.Entry);
        plan = plan.Mode == BoxMode.Judge ? TestPlan.Inside(plan.Test!) : plan;
        using var box = await turn.TakeBoxAsync(cancellationToken);
        var facts = await boxes.RunAsync(BoxOf(plan, request.Program, request, limits) with { Trace = true }, cancellationToken);
        return TraceReading.Read(facts.Channel, request.Program);
    }

    private static BoxRequest BoxOf(TestPlan plan, string program, ExecuteRequest request, BoxLimits limits) =>
        new(program, plan.Mode, plan.Input, limits)
        {
            Test = plan.Test ?? "",
            Files = request.Files.ToDictionary(file => file.Key, file => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Value)),
        };

    private static Answer AnswerOf(TestCase test, TestPlan plan, BoxFacts facts, Checker? checker) => plan.Mode switch
    {
        BoxMode.Judge => Answer.OfJudge(facts.Judge),
        BoxMode.Call or BoxMode.Inside => AnswerReading.Of(plan, facts.Channel, checker),
        _ when checker?.Kind == CheckerKind.Program => new Answer(null),
        _ => OutputComparison.Equal(checker, Encoding.UTF8.GetBytes(test.Stdio.Stdout), facts.Output) ? Answer.Right : new Answer(Verdict.WrongAnswer),
    };

    private BoxRequest CheckerBox(TestCase test, Checker checker, TestPlan plan, BoxFacts facts, Answer answer) => plan.Mode == BoxMode.Stdio
        ? CheckerRun.Request(checker, test.Stdio.Stdin, test.Stdio.Stdout, facts.Output, boxes.OwnLimits)
        : CheckerRun.Request(checker, test.Function.ArgsJson, test.Function.ExpectedJson, Encoding.UTF8.GetBytes(answer.Actual), boxes.OwnLimits);
}
