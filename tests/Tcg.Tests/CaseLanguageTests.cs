namespace O1Coder.Tcg.Tests;

public sealed class CaseLanguageTests
{
    private readonly FunctionCases _function = new("f");
    private readonly StdioCases _stdio = new();

    [Fact]
    public void ACaseOfAFunctionBecomesAnAssertionOfLiterals()
    {
        var input = _function.ReadInput("\"a[b]\", 3");
        var output = _function.ReadOutput("{'b': 1, 'a': 2}");

        Assert.Equal("assert f('a[b]', 3) == {'b': 1, 'a': 2}", _function.ToTest(input!, output!).Assertion.Code);
        Assert.Equal(_function.ReadOutput("{'a': 2, 'b': 1}")!.Key, output!.Key);
    }

    [Theory]
    [InlineData("__import__('os').system('ls')")]
    [InlineData("1) or (1")]
    [InlineData("a=1")]
    [InlineData("*[1]")]
    [InlineData("[x for x in range(3)]")]
    [InlineData("10**9")]
    public void NothingButLiteralsGetsThrough(string text)
    {
        Assert.Null(_function.ReadInput(text));
        Assert.Null(_function.ReadOutput(text));
    }

    [Fact]
    public void OnlyARunToAPlainValueIsAnOutput()
    {
        Assert.Equal("[1]", _function.ReadActual(new V1.TestResult { Verdict = V1.Verdict.Accepted, Actual = "[1]" })?.Text);
        Assert.Null(_function.ReadActual(new V1.TestResult { Verdict = V1.Verdict.RuntimeError, Actual = "1" }));
        Assert.Null(_function.ReadActual(new V1.TestResult { Verdict = V1.Verdict.WrongAnswer, Actual = "None" }));
        Assert.Null(_function.ReadActual(new V1.TestResult { Verdict = V1.Verdict.Accepted, Actual = "<object>" }));
        Assert.Null(_function.ReadActual(
            new V1.TestResult { Verdict = V1.Verdict.Accepted, Actual = "'aaa\n[… the first part of 5000 bytes]" }));
    }

    [Fact]
    public void OutputsOfScriptsAreComparedByTokensAndCutOnesAreNone()
    {
        var one = _stdio.ReadActual(new V1.TestResult { Verdict = V1.Verdict.WrongAnswer, Actual = "1  2\n" });
        Assert.Equal(_stdio.ReadOutput("1\n2")!.Key, one!.Key);
        Assert.Null(_stdio.ReadActual(
            new V1.TestResult { Verdict = V1.Verdict.WrongAnswer, Actual = "1 2\n[… the first part of 4711 bytes]" }));
        Assert.Null(_stdio.ReadActual(new V1.TestResult { Verdict = V1.Verdict.Accepted, Actual = " \n" }));
        Assert.Null(_stdio.ReadActual(new V1.TestResult { Verdict = V1.Verdict.TimeLimit, Actual = "1" }));
        Assert.Equal("", _stdio.ReadInput("\n")!.Text);
    }

    [Fact]
    public void TestsBecomeCasesWhereTheyCan()
    {
        Assert.Equal(new WrittenCase("1, 'x'", "[2]"), _function.FromTest(Requests.Assertion("assert f(1, \"x\") == [ 2 ]")));
        Assert.Equal(new WrittenCase("1", null), _function.FromTest(Requests.Assertion("assert not f(1)")));
        Assert.Equal(new WrittenCase("1", null), _function.FromTest(Requests.Assertion("assert abs(f(1) - 2) < 1e-6")));
        Assert.Null(_function.FromTest(Requests.Assertion("assert f(range(3)) == 3")));
        Assert.Null(_function.FromTest(Requests.Assertion("assert g(3) == 3")));
    }
}
