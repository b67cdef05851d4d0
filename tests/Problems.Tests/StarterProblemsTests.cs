namespace O1Coder.Problems.Tests;

/// <summary>The starter set keeps the promises of problems/README.md; a test with the sandbox proves its solutions.</summary>
public sealed class StarterProblemsTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "problems");

    private static readonly IReadOnlyList<Problem> s_problems =
        [.. Directory.GetFiles(Path.Combine(s_folder, "starter"), "*.md").Order(StringComparer.Ordinal).Select(path => ProblemMarkdown.Read(path))];

    [Fact]
    public void There_are_24_from_trivial_to_hard()
    {
        Assert.Equal(24, s_problems.Count);
        Assert.Equal(7, s_problems.Count(problem => problem.Difficulty == Difficulty.Trivial));
        Assert.Equal(7, s_problems.Count(problem => problem.Difficulty == Difficulty.Easy));
        Assert.Equal(6, s_problems.Count(problem => problem.Difficulty == Difficulty.Medium));
        Assert.Equal(4, s_problems.Count(problem => problem.Difficulty == Difficulty.Hard));
        Assert.Equal(6, s_problems.Count(problem => problem.Mode == ProblemMode.Stdio));
    }

    [Fact]
    public void Ids_are_the_names_of_the_files() =>
        Assert.Equal(
            Directory.GetFiles(Path.Combine(s_folder, "starter"), "*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            s_problems.Select(problem => problem.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void Nothing_stands_twice()
    {
        Assert.Equal(s_problems.Count, s_problems.Select(problem => problem.Title).Distinct().Count());
        Assert.Equal(s_problems.Count, s_problems.Select(problem => problem.Statement).Distinct().Count());
        var functions = s_problems.Where(problem => problem.Mode == ProblemMode.Function).ToList();
        Assert.Equal(functions.Count, functions.Select(problem => problem.EntryPoint).Distinct().Count());
    }

    [Fact]
    public void Each_has_enough_tests_and_no_test_is_both_visible_and_hidden() =>
        Assert.All(s_problems, problem =>
        {
            Assert.InRange(problem.VisibleTests.Count, 3, 4);
            Assert.InRange(problem.HiddenTests.Count, 5, 8);
            var inputs = problem.VisibleTests.Concat(problem.HiddenTests).Select(InputOf).ToList();
            Assert.Equal(inputs.Count, inputs.Distinct().Count());
        });

    [Fact]
    public void Each_has_a_title_a_short_statement_and_two_different_solutions() =>
        Assert.All(s_problems, problem =>
        {
            Assert.NotEqual(problem.Id, problem.Title);
            Assert.InRange(problem.Statement.Length, 60, 800);
            Assert.NotNull(problem.ReferenceSolution);
            Assert.NotNull(problem.WrongSolution);
            Assert.NotEqual(problem.ReferenceSolution, problem.WrongSolution);
            if (problem.Mode == ProblemMode.Function)
            {
                Assert.StartsWith(problem.Signature + "\n", problem.ReferenceSolution, StringComparison.Ordinal);
                Assert.StartsWith(problem.Signature + "\n", problem.WrongSolution, StringComparison.Ordinal);
                Assert.Contains("->", problem.Signature, StringComparison.Ordinal);
            }
        });

    [Fact]
    public void Each_reads_back_the_same() =>
        Assert.All(s_problems, problem => Assert.Equal(problem, ProblemMarkdown.Parse(ProblemMarkdown.Write(problem), "x.md")));

    [Fact]
    public void The_examples_of_the_readme_are_problems()
    {
        var readme = File.ReadAllText(Path.Combine(s_folder, "README.md"));
        var examples = readme.Split("\n````markdown\n").Skip(1).Select(part => part[..(part.IndexOf("\n````", StringComparison.Ordinal) + 1)]).ToList();

        Assert.Equal(3, examples.Count);
        var problems = examples.ConvertAll(example => ProblemMarkdown.Parse(example, "example.md"));
        Assert.Equal([ProblemMode.Function, ProblemMode.Stdio, ProblemMode.Function], problems.Select(problem => problem.Mode));
        Assert.All(problems[..2], problem => Assert.True(problem is { HiddenTests.Count: > 0, ReferenceSolution: not null, WrongSolution: not null }));
        Assert.Equal("def middle(a, b, c):", problems[2].Signature);
    }

    // The call without what it is compared to, or the input: two tests must not ask the same.
    private static string InputOf(TestCase test) => test switch
    {
        StdioTest stdio => stdio.Stdin,
        AssertionTest assertion => assertion.Code.Split(" == ")[0].Split(" is ")[0],
        _ => throw new InvalidOperationException($"unknown test {test}"),
    };
}
