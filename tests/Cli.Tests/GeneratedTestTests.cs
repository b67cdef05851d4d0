using System.Text.Json;
using O1Coder.Cli.Display;
using O1Coder.Cli.Searching;
using O1Coder.V1;

namespace O1Coder.Cli.Tests;

public sealed class GeneratedTestTests
{
    private const string Statement = "Write a function that adds.\n\n```python\ndef add(a, b):\n```\n";

    private static SolveResponse[] Search(int hidden)
    {
        var events = Events.Search(Outcome.Solved);
        events[0].Started.GeneratedTests.AddRange(
        [
            new GeneratedTest { Test = Assertion("assert add(1, 2) == 3"), Origin = TestOrigin.Agreement, Agreed = 5, Ran = 6 },
            new GeneratedTest { Test = Assertion("assert add(0, 0) == 0"), Origin = TestOrigin.Agreement, Agreed = 4, Ran = 4 },
        ]);
        var judged = hidden == 0 ? 2 : hidden;
        events[0].Started.HiddenTests = judged;
        events[^1].Finished.Judgement = new Judgement { Verdict = Verdict.Accepted, Passed = judged, Total = judged, HiddenPassed = judged, HiddenTotal = judged };
        return [new SolveResponse { Progress = new SearchProgress { Activity = "writing tests: writing inputs" } }, .. events];
    }

    private static TestCase Assertion(string code) => new() { Assertion = new AssertionTest { Code = code } };

    [Fact]
    public async Task The_plain_log_says_that_the_verdict_rests_on_generated_tests()
    {
        await using var search = await ScriptedSearch.StartAsync(Search(hidden: 0));
        var session = new Session { Input = Statement };

        Assert.Equal(ExitCodes.Solved, await session.RunAsync(search.Address, "solve", "-"));

        Assert.Equal("def add(a, b):", search.Request!.Problem.Signature);
        Assert.Contains("writing tests: writing inputs", session.Out, StringComparison.Ordinal);
        Assert.Contains("2 generated and 0 hidden tests", session.Out, StringComparison.Ordinal);
        Assert.Contains("test: 5 of 6 programs agreed: assert add(1, 2) == 3", session.Out, StringComparison.Ordinal);
        Assert.Contains("2/2 generated tests", session.Out, StringComparison.Ordinal);
        Assert.Contains("Solved by the tests that the model wrote itself: 2/2 generated tests pass; no others were given.", session.Out, StringComparison.Ordinal);
        Assert.Contains("The verdict rests on 2 tests that the model wrote:\n  5 of 6 programs agreed", session.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_says_so_too()
    {
        await using var search = await ScriptedSearch.StartAsync(Search(hidden: 0));
        var session = new Session { Input = Statement };

        await session.RunAsync(search.Address, "solve", "-", "--json");

        using var json = JsonDocument.Parse(session.Out);
        var root = json.RootElement;
        Assert.True(root.GetProperty("rests_on_generated_tests").GetBoolean());
        Assert.Equal((2, 2), (root.GetProperty("passed").GetInt32(), root.GetProperty("total").GetInt32()));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("hidden_total").ValueKind);
        var test = root.GetProperty("generated_tests")[0];
        Assert.Equal(("assert add(1, 2) == 3", "agreement", 5, 6), (test.GetProperty("assertion").GetString(),
            test.GetProperty("origin").GetString(), test.GetProperty("agreed").GetInt32(), test.GetProperty("ran").GetInt32()));
    }

    [Fact]
    public async Task Hidden_tests_of_the_problem_s_own_are_told_apart()
    {
        await using var search = await ScriptedSearch.StartAsync(Search(hidden: 1));
        var session = new Session { Input = $"---\nsignature: \"def add(a, b):\"\n---\n\nAdd.\n\n## Hidden tests\n\n```python\nassert add(3, 4) == 7\n```\n" };

        await session.RunAsync(search.Address, "solve", "-");

        Assert.Single(search.Request!.Problem.HiddenTests);
        Assert.Contains("2 generated and 1 hidden tests", session.Out, StringComparison.Ordinal);
        Assert.Contains("Solved: 1/1 hidden tests pass.", session.Out, StringComparison.Ordinal);
        Assert.Contains("steered by 2 tests that the model wrote; hidden tests judged:", session.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_live_view_names_generated_tests()
    {
        var terminal = new Session().CreateTerminal();
        var view = new SearchView
        {
            ProblemId = "add",
            Title = "Add",
            Difficulty = "",
            Method = "o1-coder",
            Seed = 1,
            Budget = new Budget { Rollouts = 4 },
            VisibleTests = 0,
            HiddenTests = 0,
        };
        view = Search(hidden: 0)[..^1].Aggregate(view, (next, one) => next.Apply(one));
        var lines = Rendering.Lines(terminal, SearchScreen.Draw(view, 1, 100, 30), 100);
        Assert.Contains(lines, line => line.Contains("2/2 generated tests", StringComparison.Ordinal));
    }
}
