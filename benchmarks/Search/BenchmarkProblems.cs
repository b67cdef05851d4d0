using O1Coder.Cli.Searching;
using O1Coder.Problems;

namespace O1Coder.Benchmarks;

/// <summary>The problems of a folder as a search is asked for them.</summary>
internal static class BenchmarkProblems
{
    /// <summary>In the order of their files' names.</summary>
    public static IReadOnlyList<V1.Problem> Read(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal)
            .Where(file => Path.GetFileName(file) != "README.md")
            .Select(file => ProblemMarkdown.Read(file))
            .Where(problem => problem.VisibleTests.Count > 0)
            .Select(problem => ProblemMessage.Of(problem, TestSplit.Of(problem))),
    ];
}
