using System.Text;
using O1Coder.V1;

namespace O1Coder.Sandbox.Judging;

/// <summary>Makes what a person reads of one test.</summary>
internal static class TestReport
{
    /// <summary>The result of a test.</summary>
    public static TestResult Of(TestCase test, int index, TestPlan plan, BoxFacts facts, Answer answer, Verdict verdict) => new()
    {
        Index = index,
        Verdict = verdict,
        Input = TextCut.Head(test.Stdio?.Stdin ?? test.Assertion?.Code ?? test.Function.ArgsJson),
        Expected = TextCut.Head(test.Stdio?.Stdout ?? answer.Expected),
        Actual = plan.Mode == BoxMode.Stdio ? TextCut.Head(facts.Output) : TextCut.Head(answer.Actual),
        Stderr = TextCut.Tail(Explanation(facts, answer)),
        Usage = new ResourceUsage { CpuSeconds = facts.Cpu, WallSeconds = facts.Wall, PeakMemoryBytes = facts.Peak },
        ExitStatus = facts.ExitStatus,
        Trust = plan.Trust,
        Limiter = facts.Limiter,
        Limit = verdict switch
        {
            Verdict.TimeLimit => facts.Reason == "wall" ? "wall" : "cpu",
            Verdict.MemoryLimit => "memory",
            Verdict.OutputLimit => "output",
            _ => "",
        },
    };

    private static byte[] Explanation(BoxFacts facts, Answer answer)
    {
        if (facts.Judge is { Outcome: "compile-error" } judge)
        {
            return Encoding.UTF8.GetBytes(new CompileFailure(judge.Line, judge.Error, judge.Text).ToString());
        }

        var added = facts.Error ?? facts.CompileError?.ToString() ?? answer.Explanation;
        return [.. facts.ErrorOutput, .. Encoding.UTF8.GetBytes(added)];
    }
}
