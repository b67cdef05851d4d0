using O1Coder.Cli.Searching;

namespace O1Coder.Cli.Display;

/// <summary>The last lines of a run: how it ended, what it cost, and where its log lies.</summary>
internal static class FinalReport
{
    /// <summary>The lines, without colours; the first says how it ended.</summary>
    public static IEnumerable<string> Lines(SearchView view, Ending ending)
    {
        yield return Words.Sentence(view, ending);
        foreach (var line in Tests(view))
        {
            yield return line;
        }

        yield return Cost(view);
        foreach (var (name, place) in Places(view))
        {
            yield return $"{name,-5} {place}";
        }
    }

    /// <summary>The tests that the model wrote, a heading first; nothing where tests were given.</summary>
    public static IEnumerable<string> Tests(SearchView view) => view.GeneratedTests.Count == 0
        ? []
        : [
            view.RestsOnGeneratedTests
                ? $"The verdict rests on {Words.Count(view.GeneratedTests.Count, "test")} that the model wrote:"
                : $"The search was steered by {Words.Count(view.GeneratedTests.Count, "test")} that the model wrote; hidden tests judged:",
            .. view.GeneratedTests.Select(one => "  " + Words.Describe(one)),
        ];

    /// <summary>What the search cost.</summary>
    public static string Cost(SearchView view)
    {
        var mean = view.Seconds > 0 ? $", {Words.Number(view.Tokens / view.Seconds, 1)} tokens/s" : "";
        return $"{Words.Count(view.Rollouts, "rollout")}, {Words.Count(view.Programs, "program")}, "
            + $"{Words.Count(view.Nodes, "node")}, {Words.Count(view.Tokens, "token")} in {Words.Number(view.Seconds, 1)} s{mean}";
    }

    /// <summary>Where the log and the trace lie: the files after a search that ended, else the folder.</summary>
    public static IEnumerable<(string Name, string Place)> Places(SearchView view)
    {
        var log = view.Finished is { LogPath.Length: > 0 } finished ? finished.LogPath : view.Folder;
        if (log.Length > 0)
        {
            yield return ("log", TerminalText.OneLine(log));
        }

        if (view.Finished is { TracePath.Length: > 0 } traced)
        {
            yield return ("trace", TerminalText.OneLine(traced.TracePath));
        }
    }
}
