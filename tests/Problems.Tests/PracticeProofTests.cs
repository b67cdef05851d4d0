using System.Collections.Concurrent;

namespace O1Coder.Problems.Tests;

/// <summary>What the real sandbox says of the practice problems: each accepts its references and catches its wrong program.</summary>
public sealed class PracticeProofTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private static readonly IReadOnlyList<Problem> s_problems =
        ProblemFolder.Read(Path.Combine(AppContext.BaseDirectory, "problems", "practice")).Problems;

    // A box for each assertion would take minutes over 160 problems; those of one problem share a box here.
    [Fact]
    public Task The_references_pass_and_the_wrong_programs_fail() => ProveAsync([.. s_problems.Select(OneBox)]);

    [Fact]
    public Task They_do_so_too_when_each_assertion_has_a_box_of_its_own_as_in_a_search() =>
        ProveAsync([.. s_problems.Where(problem => problem.Mode == ProblemMode.Function).Where((_, i) => i % 32 == 0)]);

    private async Task ProveAsync(IReadOnlyList<Problem> problems)
    {
        var failures = new ConcurrentBag<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(problems, options, async (problem, _) =>
        {
            for (var i = 0; i < problem.ReferenceSolutions.Count; i++)
            {
                var report = await sandbox.RunAsync(problem.ReferenceSolutions[i], problem, stopAtFirstFailure: false);
                if (report.Verdict != V1.Verdict.Accepted || report.Passed != problem.VisibleTests.Count + problem.HiddenTests.Count)
                {
                    failures.Add($"{problem.Id}: reference {i + 1}: {report.Verdict}: {report.Message}: {report.FirstFailure}");
                }
                else if (report.Results.Any(result => result.Usage.CpuSeconds >= 1))
                {
                    failures.Add($"{problem.Id}: reference {i + 1}: takes a second or more");
                }
            }

            var wrong = await sandbox.RunAsync(problem.WrongSolution!, problem, stopAtFirstFailure: true);
            if (!wrong.Compiled || wrong.Verdict is not (V1.Verdict.WrongAnswer or V1.Verdict.RuntimeError))
            {
                failures.Add($"{problem.Id}: wrong solution: {wrong.Verdict}: {wrong.Message}");
            }
        });

        Assert.Empty(failures);
    }

    private static Problem OneBox(Problem problem) => problem.Mode == ProblemMode.Stdio
        ? problem
        : problem with
        {
            VisibleTests = [new AssertionTest(string.Join('\n', problem.VisibleTests.Concat(problem.HiddenTests).Cast<AssertionTest>().Select(test => test.Code)))],
            HiddenTests = [],
        };
}
