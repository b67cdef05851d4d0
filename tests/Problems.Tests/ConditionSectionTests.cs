namespace O1Coder.Problems.Tests;

public sealed class ConditionSectionTests
{
    private const string Head = "---\nid: p\nmode: function\nsignature: \"def f(a: int) -> int:\"\n---\n\nDo.\n\n## Tests\n\n```python\nassert f(1) == 1\n```\n\n## Conditions\n";

    [Fact]
    public void Conditions_are_read_a_line_each_and_written_back()
    {
        var problem = ProblemMarkdown.Parse(Head + "\n```requires\na > 0\n\na < 9\n```\n\n```ensures\nresult == a\n```\n\n```ensures\n  result > 0\n```\n", "p.md");
        Assert.Equal(["a > 0", "a < 9"], problem.Requires);
        Assert.Equal(["result == a", "result > 0"], problem.Ensures);
        Assert.Equal(ProblemMarkdown.Canonical(problem), ProblemMarkdown.Parse(ProblemMarkdown.Write(problem), "p.md"));
        Assert.NotEqual(problem, problem with { Ensures = ["result == a"] });
    }

    [Theory]
    [InlineData("\n```requires\na > 0\n```\n", "no postcondition; expected a fenced block \"ensures\"")]
    [InlineData("\n```python\nresult > 0\n```\n", "labelled \"python\"; expected \"requires\" or \"ensures\"")]
    [InlineData("\n```ensures\nresult > (0\n```\n", "never closed")]
    [InlineData("", "no postcondition")]
    public void A_malformed_section_is_refused_by_line(string section, string message)
    {
        var fault = Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Parse(Head + section, "p.md"));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("p.md:1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_or_too_long_ones_are_refused_and_programs_with_input_have_none()
    {
        Refused(string.Concat(Enumerable.Repeat("result > 0\n", Problem.MaxConditions + 1)), "more than 32 conditions");
        Refused("result > " + new string('1', Problem.LongestCondition) + "\n", "longer than 500 characters");
        var stdio = Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Parse(
            "---\nmode: stdio\n---\nDo.\n\n## Tests\n\n```input\n1\n```\n\n```output\n1\n```\n\n## Conditions\n\n```ensures\nresult > 0\n```\n", "p.md"));
        Assert.Contains("expected them of functions alone", stdio.Message, StringComparison.Ordinal);

        static void Refused(string lines, string message) => Assert.Contains(
            message, Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Parse($"{Head}\n```ensures\n{lines}```\n", "p.md")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clamp-number")]
    [InlineData("boxes-needed")]
    public async Task The_references_of_practice_problems_with_conditions_fulfil_them_and_the_wrong_one_does_not(string name)
    {
        var problem = ProblemMarkdown.Read(Path.Combine("problems", "practice", name + ".md"));
        Assert.NotEmpty(problem.Ensures);
        var z3 = Z3Solver.Find();
        foreach (var program in problem.ReferenceSolutions)
        {
            Assert.All(
                await new ConditionChecker(z3).CheckAsync(problem, program, TestContext.Current.CancellationToken),
                verdict => Assert.True(verdict.Outcome == (z3 is null ? ConditionOutcome.NotChecked : ConditionOutcome.Proved), $"{verdict}"));
        }

        Assert.Equal(z3 is not null, (await new ConditionChecker(z3).CheckAsync(problem, problem.WrongSolution!, TestContext.Current.CancellationToken))
            .Any(verdict => verdict.Outcome == ConditionOutcome.Refuted));
    }
}
