using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace O1Coder.Cli.Tests;

public sealed class SearchTests : IDisposable
{
    private const string Request = """
        {"problem":{"id":"add","title":"Add","statement":"Return the sum.","mode":"PROBLEM_MODE_FUNCTION","signature":"def add(a, b):","language":"LANGUAGE_PYTHON",
        "visible_tests":[{"assertion":{"code":"assert add(1, 1) == 2"}}],"hidden_tests":[{"assertion":{"code":"assert add(1, 2) == 3"}}]}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-search-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Show_writes_the_tree_of_a_search_that_broke_off()
    {
        WriteLog();
        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.Solved, session.Prepare("search", "show", ".").ExitCode);
        Assert.Contains("s: unfinished, 2 nodes", session.Out, StringComparison.Ordinal);
        Assert.Contains("<title>", File.ReadAllText(Path.Combine(_folder, "tree.html")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "tree.json")));

        session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.Solved, session.Prepare("search", "show", ".", "--html", "own.html").ExitCode);
        Assert.Equal(File.ReadAllText(Path.Combine(_folder, "tree.html")), File.ReadAllText(Path.Combine(_folder, "own.html")));

        // One object, however long, and nothing else.
        session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.Solved, session.Prepare("search", "show", ".", "--json").ExitCode);
        using var tree = JsonDocument.Parse(session.Out);
        Assert.Equal("def add(a, b):\n    return '</script>'", tree.RootElement.GetProperty("nodes")[1].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("FOLDER is \"gone\"; expected the folder of a search", "search", "show", "gone")]
    [InlineData("events.jsonl is missing", "search", "show", ".")]
    [InlineData("--json and --html stand together", "search", "show", ".", "--json", "--html", "x.html")]
    [InlineData("search show needs the FOLDER", "search", "show")]
    [InlineData("say what to show: search show FOLDER, or search methods", "search")]
    public void Bad_input_gets_one_line(string message, params string[] args)
    {
        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.BadInput, session.Prepare(args).ExitCode);
        Assert.Contains(message, Assert.Single(session.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_are_listed_with_papers_and_settings()
    {
        var session = new Session();
        Assert.Equal(ExitCodes.Solved, session.Prepare("search", "methods").ExitCode);
        Assert.Contains("o1-coder: ", session.Out, StringComparison.Ordinal);

        session = new Session();
        Assert.Equal(ExitCodes.Solved, session.Prepare("search", "methods", "--json").ExitCode);
        using var methods = JsonDocument.Parse(session.Out);
        Assert.Equal(Search.SearchMethods.All.Count, methods.RootElement.GetProperty("methods").GetArrayLength());
    }

    private void WriteLog()
    {
        File.WriteAllText(Path.Combine(_folder, "request.json"), Request);
        string[] events =
        [
            """{"started":{"search_id":"s","model":{"model_id":"m"},"options":{"strategy":"STRATEGY_MCTS"},"hidden_tests":1}}""",
            """{"node_added":{"node":1,"action":"STEP_ACTION_CODE","depth":1,"text":"def add(a, b):\n    return '</script>'","terminal":true,"tokens":9}}""",
        ];
        File.WriteAllLines(Path.Combine(_folder, "events.jsonl"), events.Select((one, i) =>
            $$"""{"v":1,"seq":{{i + 1}},"crc":"{{Crc32.HashToUInt32(Encoding.UTF8.GetBytes($"{i + 1}:{one}")):x8}}","event":{{one}}}"""));
    }
}
