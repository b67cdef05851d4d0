namespace O1Coder.Problems.Tests;

public sealed class ProblemMarkdownTests
{
    public const string Add = """
        ---
        title: Add two numbers
        difficulty: trivial
        mode: function
        signature: "def add(a: int, b: int) -> int:"
        ---

        Return the sum of `a` and `b`.

        ```text
        ## Visible tests
        ```

        ## Visible tests

        ```python
        # the simplest
        assert add(1, 2) == 3
        assert add(
            -1,  # a
            1,
        ) == 0; assert add(0, 0) == 0
        ```

        ## Hidden tests

        ```python
        import math
        assert math.isclose(add(2, 2), 4)
        ```

        ```python
        assert add(5, 5) == 10
        ```

        ## Reference solution

        ```python
        def add(a, b):
        	return a + b
        ```

        ## Wrong solution

        ```python
        def add(a, b):
            return a - b
        ```
        """;

    [Fact]
    public void Reads_every_part_of_a_function_problem()
    {
        var problem = ProblemMarkdown.Parse(Add, "somewhere/add-two.md");

        Assert.Equal("add-two", problem.Id);
        Assert.Equal("Add two numbers", problem.Title);
        Assert.Equal(Difficulty.Trivial, problem.Difficulty);
        Assert.Equal(ProblemMode.Function, problem.Mode);
        Assert.Equal("def add(a: int, b: int) -> int:", problem.Signature);
        Assert.Equal("add", problem.EntryPoint);
        Assert.Equal("Return the sum of `a` and `b`.\n\n```text\n## Visible tests\n```", problem.Statement);
        Assert.Equal(
            [
                new AssertionTest("assert add(1, 2) == 3"),
                new AssertionTest("assert add(\n    -1,  # a\n    1,\n) == 0"),
                new AssertionTest("assert add(0, 0) == 0"),
            ],
            problem.VisibleTests);
        Assert.Equal(
            [new AssertionTest("import math\nassert math.isclose(add(2, 2), 4)"), new AssertionTest("assert add(5, 5) == 10")],
            problem.HiddenTests);
        Assert.Equal("def add(a, b):\n\treturn a + b\n", problem.ReferenceSolution);
        Assert.Equal("def add(a, b):\n    return a - b\n", problem.WrongSolution);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var problem = ProblemMarkdown.Parse(Add, "add.md");

        var text = ProblemMarkdown.Write(problem);

        Assert.Equal(problem, ProblemMarkdown.Parse(text, "other.md"));
        Assert.Equal(text, ProblemMarkdown.Write(ProblemMarkdown.Parse(text, "other.md")));
    }
}
