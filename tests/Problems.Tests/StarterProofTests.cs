namespace O1Coder.Problems.Tests;

/// <summary>What the real sandbox says of problems: above all that each starter problem accepts its reference and catches its wrong program.</summary>
public sealed class StarterProofTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "problems", "starter");

    public static TheoryData<string> Ids =>
        [.. Directory.GetFiles(s_folder, "*.md").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_reference_passes_and_the_wrong_program_fails(string id)
    {
        var problem = ProblemMarkdown.Read(Path.Combine(s_folder, id + ".md"));
        var total = problem.VisibleTests.Count + problem.HiddenTests.Count;

        var reference = await sandbox.RunAsync(problem.ReferenceSolution!, problem, stopAtFirstFailure: false);
        Assert.True(reference.Verdict == V1.Verdict.Accepted, $"{reference.Message}: {reference.FirstFailure}");
        Assert.Equal(total, reference.Passed);
        Assert.True(reference.Results.All(result => result.Usage.CpuSeconds < 1), "a test takes a second or more");

        var wrong = await sandbox.RunAsync(problem.WrongSolution!, problem, stopAtFirstFailure: true);
        Assert.Contains(wrong.Verdict, new[] { V1.Verdict.WrongAnswer, V1.Verdict.RuntimeError });
        Assert.True(wrong.Compiled);
    }

    [Fact]
    public async Task Assertions_with_imports_and_several_lines_run_as_the_format_reads_them()
    {
        var problem = ProblemMarkdown.Parse(ProblemMarkdownTests.Add, "add.md");

        var reference = await sandbox.RunAsync(problem.ReferenceSolution!, problem, stopAtFirstFailure: false);
        Assert.True(reference.Verdict == V1.Verdict.Accepted, $"{reference.Message}: {reference.FirstFailure}");
        Assert.Equal(5, reference.Passed);

        var wrong = await sandbox.RunAsync(problem.WrongSolution!, problem, stopAtFirstFailure: false);
        Assert.Equal(V1.Verdict.WrongAnswer, wrong.Verdict);
        Assert.Equal(1, wrong.Passed);
    }

    [Fact]
    public async Task Empty_input_reaches_the_program_as_empty()
    {
        var problem = ProblemMarkdown.Parse("Count.\n```input\n```\n```output\n0\n```\n```input\n\n\n```\n```output\n2\n```\n", "count.md");

        var report = await sandbox.RunAsync("import sys\nprint(len(sys.stdin.read()))\n", problem, stopAtFirstFailure: false);

        Assert.True(report.Verdict == V1.Verdict.Accepted, $"{report.Message}: {report.FirstFailure}");
    }
}
