namespace O1Coder.Problems.Tests;

/// <summary>What is inferred from files that leave parts out.</summary>
public sealed class InferenceTests
{
    [Fact]
    public void A_statement_and_asserts_are_enough()
    {
        var problem = ProblemMarkdown.Parse(
            """
            # Double a number

            Return twice the number. Like this:

            ```
            twice(4) is 8
            ```

            ```python
            assert twice(2) == 4
            assert twice(0) == 0
            assert twice(-1) == -2
            ```

            Be quick.
            """,
            "/some/where/My task (2).md");

        Assert.Equal("My-task-2", problem.Id);
        Assert.Equal("Double a number", problem.Title);
        Assert.Null(problem.Difficulty);
        Assert.Equal(ProblemMode.Function, problem.Mode);
        Assert.Equal("def twice(a):", problem.Signature);
        Assert.Equal(3, problem.VisibleTests.Count);
        Assert.Empty(problem.HiddenTests);

        // The split hides the last test: it must not stand in the statement that the model reads.
        Assert.DoesNotContain("assert", problem.Statement, StringComparison.Ordinal);
        Assert.StartsWith("# Double a number", problem.Statement, StringComparison.Ordinal);
        Assert.EndsWith("Be quick.", problem.Statement, StringComparison.Ordinal);
        Assert.Contains("twice(4) is 8", problem.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_and_outputs_in_the_statement_are_tests()
    {
        var problem = ProblemMarkdown.Parse("Add.\r\n\r\n```input\r\n1 2\r\n```\r\n```output\r\n3\r\n```\r\n", "<stdin>");

        Assert.Equal("stdin", problem.Id);
        Assert.Equal("stdin", problem.Title);
        Assert.Equal(ProblemMode.Stdio, problem.Mode);
        Assert.Equal("", problem.Signature);
        Assert.Null(problem.EntryPoint);
        Assert.Equal("Add.", problem.Statement);
        Assert.Equal([new StdioTest("1 2\n", "3\n")], problem.VisibleTests);
    }

    [Fact]
    public void Tests_given_apart_take_the_place_of_those_in_the_file()
    {
        var tests = new TestSet([new AssertionTest("assert g(1, 2) == 3")], [new AssertionTest("assert g(2, 2) == 4")]);

        var plain = ProblemMarkdown.Parse("Add two numbers.", "g.md", tests);
        var full = ProblemMarkdown.Parse("---\ntitle: T\n---\nAdd.\n## Tests\n```python\nassert f(1) == 1\n```\n", "g.md", tests);

        Assert.Equal("def g(a, b):", plain.Signature);
        Assert.Equal(tests.Visible, plain.VisibleTests);
        Assert.Equal(tests.Hidden, plain.HiddenTests);
        Assert.Equal(tests.Visible, full.VisibleTests);
        Assert.Equal("def g(a, b):", full.Signature);
    }

    [Fact]
    public void Tests_given_apart_must_fit_the_problem()
    {
        var tests = new TestSet([new AssertionTest("assert g(1) == 3")], []);
        var text = "---\nsignature: \"def f(a):\"\n---\nDo.\n";

        var fault = Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Parse(text, "x.md", tests));
        Assert.Equal("x.md: the assertion \"assert g(1) == 3\" does not mention f; expected a call of it", fault.Message);
        Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Parse(text, "x.md", new TestSet([], [])));
        Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Parse("---\nmode: stdio\n---\nDo.\n", "x.md", tests));
    }

    [Theory]
    [InlineData("def f(a):", "assert f(1) == 2")]
    [InlineData("def f():", "assert f() == 2")]
    [InlineData("def f(a):", "assert f([1, 2], ) == 2")]
    [InlineData("def f(a, b):", "assert f((1, 2), {'x': 1, 'y': [2, 3]}) == g(1)")]
    [InlineData("def f(a):", "assert f('a, b)') == \"f(1, 2)\"")]
    [InlineData("def f(a):", "assert sorted(f(3)) == [1]")]
    [InlineData("def f(a):", "assert abs(f(2) - 1.5) < 1e-6")]
    [InlineData("def f(a):", "import math\nassert math.isclose(f(2), 4)")]
    [InlineData("def f(a):", "assert not f(4)")]
    [InlineData("def f(a):", "assert (f(4))")]
    [InlineData("def f(a):", "assert f(lambda x: x == 2) == 1")]
    [InlineData("def f(a):", "assert f(1 == 1) and f(2 != 3) and f(1 <= 2)")]
    [InlineData("def f(*args):", "assert f(1) == f(1, 2)")]
    [InlineData("def f(a, **kwargs):", "assert f(1, key=2, other=(3 == 4)) == 1")]
    [InlineData("def f(a):", "assert f(x.g(1, 2)) == 1")]
    [InlineData("def f(a):", "assert f(f\"{1, 2}\") == rb'x'")]
    [InlineData("def f(*args):", "assert f(1, 2, 3, 4, 5, 6, 7, 8, 9) == 1")]
    [InlineData("def größe(a):", "assert größe(1) == 1")]
    public void A_signature_is_inferred_from_the_calls(string expected, string assertion) =>
        Assert.Equal(expected, PythonSignature.Infer([new AssertionTest(assertion)]));

    [Theory]
    [InlineData("def f():", true)]
    [InlineData("def f(a: dict[str, int] = {'a': 1}, *b, **c) -> list[int] | None:", true)]
    [InlineData("def f(a):\n    return a:", false)]
    [InlineData("def f(a): return {1: 2}:", false)]
    [InlineData("def f(a); x:", false)]
    [InlineData("def f(a)) -> int:", false)]
    [InlineData("def 1f():", false)]
    [InlineData("class F():", false)]
    [InlineData("", false)]
    public void Signatures_are_checked(string signature, bool isValid) => Assert.Equal(isValid, PythonSignature.IsValid(signature));
}
