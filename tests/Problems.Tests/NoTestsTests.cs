namespace O1Coder.Problems.Tests;

public sealed class NoTestsTests
{
    private static Problem Parse(string text) => ProblemMarkdown.Parse(text, "p.md", testsRequired: false);

    [Theory]
    [InlineData("Print hello.", ProblemMode.Stdio, "")]
    [InlineData("Write it.\n\n```python\ndef add(a: int, b: int) -> int:\n    ...\n```\n", ProblemMode.Function, "def add(a: int, b: int) -> int:")]
    [InlineData("---\nmode: stdio\n---\n\nWrite it.\n\n```python\ndef add(a, b):\n```\n", ProblemMode.Stdio, "")]
    [InlineData("---\nmode: function\n---\n\nWrite it.\n\ndef add(a, b):\n", ProblemMode.Function, "def add(a, b):")]
    [InlineData("---\nsignature: \"def add(a, b):\"\n---\n\nWrite it.\n", ProblemMode.Function, "def add(a, b):")]
    [InlineData("The word def is not a signature: def add(a, b) is not one either.", ProblemMode.Stdio, "")]
    public void Without_tests_the_signature_says_what_kind_it_is(string text, ProblemMode mode, string signature)
    {
        var problem = Parse(text);
        Assert.Equal((mode, signature), (problem.Mode, problem.Signature));
        Assert.Empty(problem.VisibleTests);
        Assert.Empty(problem.HiddenTests);
    }

    [Fact]
    public void Hidden_tests_may_stand_alone()
    {
        var problem = Parse("Add.\n\n## Hidden tests\n\n```python\nassert add(3, 4) == 7\n```\n");
        Assert.Equal("def add(a, b):", problem.Signature);
        Assert.Empty(problem.VisibleTests);
        Assert.Single(problem.HiddenTests);
    }

    [Fact]
    public void Tests_that_are_there_are_read_as_ever() =>
        Assert.Equal(2, Parse("Add.\n\n```python\nassert add(3, 4) == 7\nassert add(0, 0) == 0\n```\n").VisibleTests.Count);

    [Theory]
    [InlineData("---\nmode: function\n---\n\nWrite it.\n", "signature")]
    [InlineData("---\nmode: stdio\nsignature: \"def add(a, b):\"\n---\n\nWrite it.\n", "signature")]
    [InlineData("---\nsignature: \"def add\"\n---\n\nWrite it.\n", "signature")]
    [InlineData("---\nmode: other\n---\n\nWrite it.\n", "mode")]
    [InlineData("---\ntitle: x\n---\n", "statement")]
    public void What_cannot_be_known_is_named(string text, string field) =>
        Assert.Equal(field, Assert.Throws<ProblemFormatException>(() => Parse(text)).Field);

    [Fact]
    public void Tests_are_required_unless_somebody_says_otherwise() =>
        Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Parse("Print hello.", "p.md"));

    [Fact]
    public void Generated_tests_judge_only_for_want_of_others()
    {
        TestCase[] generated = [new StdioTest("1", "1"), new StdioTest("2", "2")];
        TestCase[] hidden = [new StdioTest("3", "3")];

        var alone = TestSplit.OfGenerated(generated, []);
        Assert.Equal((HeldOut.Shared, 2, 2), (alone.Rule, alone.Hidden.Count, alone.Judging.Count));
        var beside = TestSplit.OfGenerated(generated, hidden);
        Assert.Equal(HeldOut.GivenAlone, beside.Rule);
        Assert.Equal(hidden, beside.Judging);
        Assert.Equal(generated, beside.Visible);
        Assert.Equal(3, TestSplit.Of(new TestSet([.. generated, .. hidden], [])).Judging.Count);
        Assert.Throws<ArgumentException>(() => TestSplit.OfGenerated([], hidden));
    }
}
