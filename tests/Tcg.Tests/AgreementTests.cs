namespace O1Coder.Tcg.Tests;

public sealed class AgreementTests
{
    [Theory]
    [InlineData("a", 1, 1, false, false)]
    [InlineData("a a", 2, 2, true, true)]
    [InlineData("a b", 1, 2, true, false)]
    [InlineData("a a b", 2, 3, true, true)]
    [InlineData("a a a b b", 3, 5, true, true)]
    [InlineData("a a a b b c", 3, 6, true, false)]
    [InlineData("- - a - a", 2, 2, true, true)]
    [InlineData("- -", 0, 0, false, false)]
    public void SixtyPercentOfThoseThatRanDecide(string outputs, int agreed, int ran, bool isValid, bool reaches)
    {
        var agreement = Agreement.Of(outputs.Split(' ').Select(one => one == "-" ? null : new CaseOutput(one, one)));

        Assert.Equal((agreed, ran, isValid, reaches), (agreement.Agreed, agreement.Ran, agreement.IsValid, agreement.Reaches(0.6)));
        Assert.Equal(ran == 0 ? null : "a", agreement.Output?.Text);
    }

    [Fact]
    public void ProgramsThatDifferInCommentsAndEmptyLinesAreOne()
    {
        Answer[] answers =
        [
            new("```python\ndef f(a):\n    return a\n", false),
            new("```python\n# the function\ndef f(a):\n\n    return a   \n", false),
            new("```python\ndef f(a):\n    return -a\n", false),
            new("", false),
        ];

        Assert.Equal(["def f(a):\n    return a\n", "def f(a):\n    return -a\n"], DistinctPrograms.In(answers, "f"));
    }
}
