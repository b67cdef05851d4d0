using System.Text.Json;
using Grpc.Core;
using O1Coder.Cli.Evaluation;
using O1Coder.V1;

namespace O1Coder.Cli.Tests;

public sealed class EvaluateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EvaluateTests()
    {
        foreach (var id in (string[])["add", "sum", "plus"])
        {
            _folder.Write($"set/{id}.md", TemporaryFolder.Problem.Replace("id: add", $"id: {id}", StringComparison.Ordinal)
                + "\n## Reference solution\n\n```python\ndef add(a, b):\n    return a + b\n```\n");
        }

        _folder.Write("adapter/adapter_config.json", "{}");
        _folder.Write("run/policy/adapter_config.json", "{}");
        _folder.Write("empty/nothing.txt", "");
    }

    public void Dispose() => _folder.Dispose();

    private Session Session(bool interactive = false) => new() { Folder = _folder.Path, Interactive = interactive };

    [Theory]
    [InlineData("evaluate needs a FILE or FOLDER with the problems")]
    [InlineData("no such file or folder: none", "none")]
    [InlineData("--format is \"csv\"; expected markdown, mbpp, humaneval or stdio", "set", "--format", "csv")]
    [InlineData("--samples is \"0\"; expected a whole number from 1 to 1024", "set", "--samples", "0")]
    [InlineData("--samples is \"2\" with --strategy greedy, whose program is always the same; expected 1, or sample or mcts",
        "set", "--samples", "2", "--strategy", "greedy")]
    [InlineData("--temperature is \"NaN\"; expected a number above 0 and at most 5", "set", "--temperature", "NaN")]
    [InlineData("--temperature is \"0\"; expected a number above 0 and at most 5", "set", "--temperature", "0")]
    [InlineData("--temperature has no part in --strategy greedy; expected --strategy sample or mcts with it", "set", "--temperature", "1")]
    [InlineData("--rollouts is \"0\"; expected a whole number from 1 to 10000", "set", "--rollouts", "0")]
    [InlineData("--rollouts is for searches; expected --strategy mcts with it", "set", "--rollouts", "4")]
    [InlineData("--tests is \"some\"; expected all, none or a whole number from 1 to 1000", "set", "--tests", "some")]
    [InlineData("--tests is \"0\"; expected all, none or a whole number from 1 to 1000", "set", "--tests", "0")]
    [InlineData("--limit is \"0\"; expected a whole number from 1 to 100000", "set", "--limit", "0")]
    [InlineData("--split is \"half\"; expected learn, evaluation or all", "set", "--split", "half")]
    [InlineData("--seed is \"-1\"; expected a whole number from 0 to 18446744073709551615", "set", "--seed", "-1")]
    [InlineData("--prm scores the steps of searches; expected --strategy mcts with it", "set", "--prm")]
    [InlineData("--tcg needs problems with reference solutions; add.md has none", "add.md", "--tcg")]
    [InlineData("--adapter is \"none\"; there is no such folder", "set", "--adapter", "none")]
    [InlineData("--adapter is \"add.md\", a file; expected the folder of an adapter", "set", "--adapter", "add.md")]
    [InlineData("--adapter is \"empty\"; it holds neither adapter_config.json (a PEFT adapter) nor policy/adapter_config.json (a self-play run that kept an adapter)",
        "set", "--adapter", "empty")]
    [InlineData("--compare base compares the model without an adapter with itself; name an adapter by --adapter FOLDER", "set", "--compare", "base")]
    [InlineData("--compare is \"adapter\", the adapter that --adapter names; expected base or another one",
        "set", "--adapter", "./adapter", "--compare", "adapter")]
    [InlineData("--out is \"set\", a folder; expected the name of a file", "set", "--out", "set")]
    [InlineData("--out is \"none/x.jsonl\"; its folder does not exist", "set", "--out", "none/x.jsonl")]
    [InlineData("--coordinator is \"x\"; expected an address such as http://127.0.0.1:7410", "set", "--coordinator", "x")]
    [InlineData("unexpected \"--bogus\"; --help shows what evaluate takes", "set", "--bogus")]
    public void Bad_input_gets_one_line_and_exit_code_2(string expected, params string[] args)
    {
        var session = Session();
        Assert.Equal(ExitCodes.BadInput, session.Prepare(["evaluate", .. args]).ExitCode);
        Assert.Equal($"o1coder: {expected}\n", session.Error);
        Assert.Equal("", session.Out);
    }

    [Fact]
    public void Bad_input_with_json_is_an_object_too()
    {
        var session = Session();
        Assert.Equal(ExitCodes.BadInput, session.Prepare("evaluate", "none", "--json").ExitCode);
        using var json = JsonDocument.Parse(session.Out);
        Assert.Equal(("error", "no such file or folder: none"),
            (json.RootElement.GetProperty("outcome").GetString(), json.RootElement.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task The_defaults_are_greedy_with_all_visible_tests_shown()
    {
        await using var service = await ScriptedEvaluation.StartAsync(request => ScriptedEvaluation.Whole(request, (_, _) => true));
        Assert.Equal(ExitCodes.Solved, await Session().RunAsync(service.Address, "evaluate", "set"));
        var request = Assert.Single(service.Requests);
        Assert.Equal(["add", "plus", "sum"], request.Problems.Select(problem => problem.Id));
        Assert.Equal((2, 3, 0), (request.Problems[0].VisibleTests.Count, request.Problems[0].HiddenTests.Count, request.Problems[0].ReferenceSolutions.Count));
        Assert.Equal(new SearchOptions { Strategy = Strategy.Greedy }, request.Options);
        Assert.Equal((1, TestsShown.All, 0, ""), (request.Samples, request.Tests, request.ShownTests, request.Adapter));
    }

    [Fact]
    public async Task Every_option_reaches_the_request()
    {
        await using var service = await ScriptedEvaluation.StartAsync(request => ScriptedEvaluation.Whole(request, (_, _) => true));
        var session = Session();
        Assert.Equal(ExitCodes.Solved, await session.RunAsync(service.Address, "evaluate", "set", "--format", "markdown", "--strategy", "mcts", "--samples", "3",
            "--temperature", "0.5", "--rollouts", "9", "--tests", "2", "--limit", "2", "--adapter", "run", "--seed", "11", "--tcg", "--prm"));
        var request = Assert.Single(service.Requests);
        Assert.Equal(["add", "plus"], request.Problems.Select(problem => problem.Id));
        Assert.All(request.Problems, problem => Assert.Single(problem.ReferenceSolutions));
        Assert.Equal(new SearchOptions { Strategy = Strategy.Mcts, Seed = 11, Temperature = 0.5f }, request.Options);
        Assert.Equal((3, TestsShown.First, 2, Path.Combine(_folder.Path, "run")), (request.Samples, request.Tests, request.ShownTests, request.Adapter));
        Assert.Equal((9, true, true), (request.Budget.Rollouts, request.MeasureTests, request.MeasureProcessRewards));
    }

    [Fact]
    public async Task More_than_one_sample_means_sampling_and_none_hides_the_tests()
    {
        await using var service = await ScriptedEvaluation.StartAsync(request => ScriptedEvaluation.Whole(request, (_, _) => true));
        await Session().RunAsync(service.Address, "evaluate", "add.md", "--samples", "4", "--tests", "none");
        Assert.Equal((Strategy.Sample, 4, TestsShown.None),
            (service.Requests[0].Options.Strategy, service.Requests[0].Samples, service.Requests[0].Tests));
    }

    [Theory]
    [InlineData("learn", "add", "sum")]
    [InlineData("evaluation", "plus")]
    [InlineData("all", "add", "plus", "sum")]
    public async Task A_split_takes_its_part_of_a_folder(string split, params string[] expected)
    {
        _folder.Write("set/evaluation.txt", "plus\n");
        await using var service = await ScriptedEvaluation.StartAsync(request => ScriptedEvaluation.Whole(request, (_, _) => true));
        await Session().RunAsync(service.Address, "evaluate", "set", "--split", split);
        Assert.Equal(expected, service.Requests[0].Problems.Select(problem => problem.Id));
    }

    [Fact]
    public async Task A_split_goes_with_problems_that_are_left_out()
    {
        _folder.Write("set/evaluation.txt", "plus\nbroken\n");
        _folder.Write("set/broken.md", "---\nmode: sideways\n---\nAdd.\n");
        await using var service = await ScriptedEvaluation.StartAsync(request => ScriptedEvaluation.Whole(request, (_, _) => true));
        await Session().RunAsync(service.Address, "evaluate", "set", "--split", "evaluation", "--skip-bad");
        Assert.Equal(["plus"], service.Requests[0].Problems.Select(problem => problem.Id));
    }

    [Fact]
    public void A_split_without_problems_is_told()
    {
        var session = Session();
        Assert.Equal(ExitCodes.BadInput, session.Prepare("evaluate", "set", "--split", "evaluation").ExitCode);
        Assert.Equal("o1coder: --split is \"evaluation\"; set names no problem for it (its evaluation.txt would)\n", session.Error);
    }

    [Theory]
    [InlineData("mbpp.jsonl", "mbpp")]
    [InlineData("mbpp.jsonl", null)]
    [InlineData("humaneval.jsonl", "humaneval")]
    [InlineData("apps.jsonl", "stdio")]
    [InlineData("contests.jsonl", "stdio")]
    public async Task Data_sets_of_other_formats_are_read(string file, string? format)
    {
        WriteSets();
        await using var service = await ScriptedEvaluation.StartAsync(request => ScriptedEvaluation.Whole(request, (_, _) => true));
        string[] args = ["evaluate", file, .. format is null ? (string[])[] : ["--format", format]];
        Assert.Equal(ExitCodes.Solved, await Session().RunAsync(service.Address, args));
        var problem = Assert.Single(service.Requests[0].Problems);
        Assert.NotEmpty(problem.VisibleTests.Concat(problem.HiddenTests));
        Assert.Empty(problem.ReferenceSolutions);
    }

    [Fact]
    public async Task Malformed_lines_end_the_command_unless_they_are_to_be_left_out()
    {
        WriteSets();
        var path = _folder.Write("broken.jsonl", "{\"task_id\": 1}\n" + File.ReadAllText(Path.Combine(_folder.Path, "mbpp.jsonl")));
        var refused = Session();
        Assert.Equal(ExitCodes.BadInput, refused.Prepare("evaluate", path, "--format", "mbpp").ExitCode);
        Assert.StartsWith($"o1coder: {path}:1: ", refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        await using var service = await ScriptedEvaluation.StartAsync(request => ScriptedEvaluation.Whole(request, (_, _) => true));
        var session = Session();
        Assert.Equal(ExitCodes.Solved, await session.RunAsync(service.Address, "evaluate", path, "--format", "mbpp", "--skip-bad"));
        Assert.StartsWith($"o1coder: left out: {path}:1: ", session.Error, StringComparison.Ordinal);
        Assert.Single(service.Requests[0].Problems);
    }

    [Fact]
    public async Task A_limit_reads_a_file_no_further()
    {
        WriteSets();
        _folder.Write("long.jsonl", File.ReadAllText(Path.Combine(_folder.Path, "mbpp.jsonl")) + "nonsense\n");
        await using var service = await ScriptedEvaluation.StartAsync(request => ScriptedEvaluation.Whole(request, (_, _) => true));
        Assert.Equal(ExitCodes.Solved, await Session().RunAsync(service.Address, "evaluate", "long.jsonl", "--limit", "1"));
        Assert.Single(service.Requests[0].Problems);
        Assert.Equal(ExitCodes.BadInput, Session().Prepare("evaluate", "long.jsonl", "--limit", "2").ExitCode);
    }

    [Fact]
    public void A_problem_with_fewer_samples_than_k_has_no_part_in_that_difference()
    {
        var finished = new EvaluationFinished();
        finished.Metrics.AddRange(((string[])["pass@1", "pass@2", "pass@4"]).Select(name => new Estimate { Name = name }));
        var comparison = Comparison.Of(Arm("a", 2, 3), Arm("b", 1, 2));

        // p0: 1 of 2 against 0 of 1; p1: 1 of 3 against 0 of 2.
        Assert.Equal((2, 2, 0, 0), (comparison.Problems, comparison.Won, comparison.Lost, comparison.Tied));
        Assert.Equal(["pass@1", "pass@2"], comparison.Differences.Keys);
        Assert.Equal(((1.0 / 2) + (1.0 / 3)) / 2, comparison.Differences["pass@1"].Estimate, tolerance: 1e-12);
        Assert.Equal(2.0 / 3, comparison.Differences["pass@2"].Estimate, tolerance: 1e-12);

        ArmView Arm(string name, params int[] samples) => new(name, ["p0", "p1"])
        {
            Finished = finished,
            Samples = [.. samples.SelectMany((count, problem) => Enumerable.Range(0, count).Select(i => new EvaluationSample
            {
                ProblemId = $"p{problem}",
                Sample = i,
                Verdict = name == "a" && i == 0 ? Verdict.Accepted : Verdict.WrongAnswer,
            }))],
        };
    }

    [Fact]
    public async Task A_comparison_asks_for_both_on_the_same_problems_and_tells_the_difference()
    {
        await using var service = await ScriptedEvaluation.StartAsync(request =>
            ScriptedEvaluation.Whole(request, (problem, i) => request.Adapter.Length > 0 ? problem != "sum" : problem == "sum" || (problem == "add" && i == 0)));
        var session = Session();
        Assert.Equal(ExitCodes.Solved, await session.RunAsync(service.Address, "evaluate", "set", "--strategy", "sample", "--samples", "2",
            "--adapter", "adapter", "--compare", "base", "--tcg", "--json", "--out", "out.jsonl"));

        Assert.Equal(2, service.Requests.Count);
        Assert.Equal([Path.Combine(_folder.Path, "adapter"), ""], service.Requests.Select(request => request.Adapter));
        Assert.Equal([true, false], service.Requests.Select(request => request.MeasureTests));
        Assert.Equal(service.Requests[0].Problems, service.Requests[1].Problems);
        Assert.Equal(service.Requests[0].Options, service.Requests[1].Options);

        using var json = JsonDocument.Parse(session.Out);
        var root = json.RootElement;
        Assert.Equal("done", root.GetProperty("outcome").GetString());
        Assert.Equal(["adapter", "base"], root.GetProperty("arms").EnumerateArray().Select(arm => arm.GetProperty("name").GetString()));
        Assert.Equal(["0123456789abcdef", null], root.GetProperty("arms").EnumerateArray().Select(arm => arm.GetProperty("adapter_version").GetString()));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("arms")[0].GetProperty("metrics").GetProperty("aspr").GetProperty("low").ValueKind);
        var comparison = root.GetProperty("comparison");

        // add: 2 of 2 against 1 of 2; plus: 2 against 0; sum: 0 against 2.
        Assert.Equal((3, 2, 1, 0), (comparison.GetProperty("problems").GetInt32(), comparison.GetProperty("won").GetInt32(),
            comparison.GetProperty("lost").GetInt32(), comparison.GetProperty("tied").GetInt32()));
        var difference = comparison.GetProperty("differences").GetProperty("pass@1");
        Assert.Equal(0.5 / 3, difference.GetProperty("value").GetDouble(), tolerance: 1e-6);
        Assert.InRange(difference.GetProperty("low").GetDouble(), -1, 0.1);
        Assert.InRange(difference.GetProperty("high").GetDouble(), 0.2, 1);
        Assert.False(comparison.GetProperty("differences").TryGetProperty("aspr", out _));

        var lines = await File.ReadAllLinesAsync(Path.Combine(_folder.Path, "out.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal(12, lines.Length);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "out.jsonl.partial")));
        using var line = JsonDocument.Parse(lines[0]);
        Assert.Equal(
            ["arm", "adapter_version", "problem", "sample", "verdict", "passed", "total", "program", "tokens", "seconds", "correct_paths",
                "last_step_samples", "last_step_passes"],
            line.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal([6, 6], lines.GroupBy(one => one.Contains("\"arm\":\"base\"", StringComparison.Ordinal)).Select(group => group.Count()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_table_shows_both_arms_and_who_won(bool interactive)
    {
        await using var service = await ScriptedEvaluation.StartAsync(request => ScriptedEvaluation.Whole(request, (problem, _) => request.Adapter.Length > 0 || problem == "sum"));
        var session = Session(interactive);
        session.Size = (120, 40);
        Assert.Equal(ExitCodes.Solved, await session.RunAsync(service.Address, "evaluate", "set", "--adapter", "adapter", "--compare", "base"));
        Assert.Contains("100.0 %", session.Out, StringComparison.Ordinal);
        Assert.Contains("33.3 %", session.Out, StringComparison.Ordinal);
        Assert.Contains("+66.7 %", session.Out, StringComparison.Ordinal);
        Assert.Contains("adapter against base: 2 won, 0 lost, 1 tied of 3 problems", session.Out, StringComparison.Ordinal);
        Assert.Contains("base: 1 accepted, 2 wrong answer; 30 tokens", session.Out, StringComparison.Ordinal);
        Assert.Contains("kept in /runs/evaluations/e0123456789abcdef", session.Out, StringComparison.Ordinal);
        Assert.Equal("", session.Error);
    }

    [Fact]
    public async Task Stopped_it_says_that_the_same_command_goes_on_and_leaves_the_partial_file()
    {
        using var stopping = new CancellationTokenSource();
        await using var service = await ScriptedEvaluation.StartAsync(async (request, stream, cancellationToken) =>
        {
            foreach (var one in ScriptedEvaluation.Whole(request, (_, _) => true).Take(5))
            {
                await stream.WriteAsync(one, cancellationToken);
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        var session = Session();
        var partial = Path.Combine(_folder.Path, "out.jsonl.partial");
        var run = session.RunAsync(service.Address, stopping.Token, "evaluate", "set", "--out", "out.jsonl", "--json");
        await UntilAsync(() => File.Exists(partial) && File.ReadAllText(partial).Split('\n').Length == 3);
        await stopping.CancelAsync();
        Assert.Equal(ExitCodes.Cancelled, await run);
        Assert.Contains($"o1coder: stopped; 2 samples are kept, and the same command goes on after them; those of this run are in {partial}\n", session.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "out.jsonl")));
        using var json = JsonDocument.Parse(session.Out);
        Assert.Equal("cancelled", json.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("arms")[0].GetProperty("samples_done").GetInt32());
    }

    [Fact]
    public async Task A_failure_in_the_middle_is_one_line_and_exit_code_2_and_what_was_there_stays()
    {
        _folder.Write("out.jsonl", "earlier\n");
        await using var service = await ScriptedEvaluation.StartAsync(async (request, stream, cancellationToken) =>
        {
            foreach (var one in ScriptedEvaluation.Whole(request, (_, _) => true).Take(3))
            {
                await stream.WriteAsync(one, cancellationToken);
            }

            throw new RpcException(new Status(StatusCode.Unavailable, "sandbox: no verdict on a program of problem plus: away"));
        });
        var session = Session();
        Assert.Equal(ExitCodes.BadInput, await session.RunAsync(service.Address, "evaluate", "set", "--out", "out.jsonl"));
        Assert.Equal(
            "o1coder: the evaluation failed (Unavailable): sandbox: no verdict on a program of problem plus: away; 1 sample is kept, and the same command "
            + $"goes on after it; those of this run are in {Path.Combine(_folder.Path, "out.jsonl.partial")}\n", session.Error);
        Assert.Equal("earlier\n", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "out.jsonl"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nobody_there_is_told_with_how_to_start()
    {
        var session = Session();
        Assert.Equal(ExitCodes.BadInput, await session.RunAsync(new Uri("http://127.0.0.1:9"), "evaluate", "set"));
        Assert.StartsWith("o1coder: no coordinator answers at http://127.0.0.1:9", session.Error, StringComparison.Ordinal);
        Assert.Equal("", session.Out);
    }

    [Fact]
    public async Task Solve_takes_an_adapter_too()
    {
        await using var search = await ScriptedSearch.StartAsync(Events.Search(Outcome.Solved));
        await Session().RunAsync(search.Address, "solve", "add.md", "--adapter", "run");
        Assert.Equal(Path.Combine(_folder.Path, "run"), search.Request!.Adapter);
        var session = Session();
        Assert.Equal(ExitCodes.BadInput, session.Prepare("solve", "add.md", "--adapter", "empty").ExitCode);
        Assert.StartsWith("o1coder: --adapter is \"empty\"; it holds neither", session.Error, StringComparison.Ordinal);
    }

    private void WriteSets()
    {
        _folder.Write("mbpp.jsonl", JsonSerializer.Serialize(new
        {
            task_id = 7,
            text = "Write a function that adds two numbers.",
            code = "def add(a, b):\n    return a + b",
            test_setup_code = "",
            test_list = new[] { "assert add(1, 2) == 3", "assert add(2, 2) == 4", "assert add(0, 0) == 0" },
        }) + "\n");
        _folder.Write("humaneval.jsonl", JsonSerializer.Serialize(new
        {
            task_id = "Test/0",
            prompt = "def add(a: int, b: int) -> int:\n    \"\"\"Return the sum of two numbers.\"\"\"\n",
            entry_point = "add",
            canonical_solution = "    return a + b\n",
            test = "def check(candidate):\n    assert candidate(1, 2) == 3\n    assert candidate(0, 0) == 0\n",
        }) + "\n");
        _folder.Write("apps.jsonl", JsonSerializer.Serialize(new
        {
            question = "Read two numbers and print their sum.",
            solutions = JsonSerializer.Serialize(new[] { "a, b = map(int, input().split())\nprint(a + b)" }),
            input_output = JsonSerializer.Serialize(new { inputs = new[] { "1 2\n", "0 0\n" }, outputs = new[] { "3\n", "0\n" } }),
        }) + "\n");
        _folder.Write("contests.jsonl", JsonSerializer.Serialize(new
        {
            name = "sum",
            description = "Read two numbers and print their sum.",
            public_tests = new { input = new[] { "1 2\n" }, output = new[] { "3\n" } },
            private_tests = new { input = new[] { "5 5\n" }, output = new[] { "10\n" } },
            generated_tests = new { input = Array.Empty<string>(), output = Array.Empty<string>() },
            solutions = new { language = new[] { 3 }, solution = new[] { "a, b = map(int, input().split())\nprint(a + b)" } },
        }) + "\n");
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
