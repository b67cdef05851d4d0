using O1Coder.Sandbox.Judging;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

public sealed class VerdictRuleTests
{
    [Theory]
    [InlineData("exit", 0, Verdict.Accepted)]
    [InlineData("exit", 256, Verdict.RuntimeError)]
    [InlineData("exit", 11, Verdict.RuntimeError)]
    [InlineData("exit", 31, Verdict.PolicyViolation)]
    [InlineData("exit", 24, Verdict.TimeLimit)]
    [InlineData("cpu", null, Verdict.TimeLimit)]
    [InlineData("wall", null, Verdict.TimeLimit)]
    [InlineData("memory", null, Verdict.MemoryLimit)]
    [InlineData("output", null, Verdict.OutputLimit)]
    public void A_script_is_judged_by_its_end_first(string reason, int? status, Verdict verdict) =>
        Assert.Equal(verdict, VerdictRule.Decide(new BoxFacts { Reason = reason, Status = status, Compiled = true }, Answer.Right));

    [Theory]
    [InlineData("passed", 0, Verdict.Accepted)]
    [InlineData("passed", 256, Verdict.RuntimeError)]
    [InlineData("wrong", 0, Verdict.WrongAnswer)]
    [InlineData("wrong", null, Verdict.WrongAnswer)]
    [InlineData("ended", 0, Verdict.WrongAnswer)]
    [InlineData("ended", 256, Verdict.RuntimeError)]
    [InlineData("ended", 31, Verdict.PolicyViolation)]
    [InlineData("raised", 0, Verdict.RuntimeError)]
    [InlineData("memory", 0, Verdict.MemoryLimit)]
    [InlineData("output-limit", 0, Verdict.OutputLimit)]
    [InlineData("compile-error", 256, Verdict.CompileError)]
    public void A_function_needs_the_judges_word_and_a_clean_end(string outcome, int? status, Verdict verdict) =>
        Assert.Equal(verdict, Judged(status, new JudgeReport { Outcome = outcome }));

    [Fact]
    public void A_function_without_the_judges_word_does_not_pass() =>
        Assert.Equal(Verdict.RuntimeError, Judged(0, null));

    [Fact]
    public void A_script_that_ended_before_it_was_compiled_does_not_pass() =>
        Assert.Equal(Verdict.RuntimeError, VerdictRule.Decide(new BoxFacts { Reason = "exit", Status = 0 }, Answer.Right));

    [Fact]
    public void The_kernels_kill_for_memory_is_a_memory_limit() =>
        Assert.Equal(Verdict.MemoryLimit, VerdictRule.Decide(new BoxFacts { Reason = "exit", Status = 9, Oom = true, Compiled = true }, Answer.Right));

    [Fact]
    public void A_kill_by_another_hand_is_a_runtime_error() =>
        Assert.Equal(Verdict.RuntimeError, VerdictRule.Decide(new BoxFacts { Reason = "exit", Status = 9, Compiled = true }, Answer.Right));

    private static Verdict? Judged(int? status, JudgeReport? report) => VerdictRule.Decide(
        new BoxFacts { Reason = "exit", Status = status, Compiled = report is not { Outcome: "compile-error" }, Judge = report }, Answer.OfJudge(report));
}
