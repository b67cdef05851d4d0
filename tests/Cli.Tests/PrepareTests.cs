using System.Text.Json;

namespace O1Coder.Cli.Tests;

public sealed class PrepareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("o1coder: no such file: x.md", "solve", "x.md")]
    [InlineData("o1coder: solve needs a FILE with the problem, or \"-\" for standard input", "solve")]
    [InlineData("o1coder: --rollouts is \"0\"; expected a whole number from 1 to 10000", "solve", "add.md", "--rollouts", "0")]
    [InlineData("o1coder: --rollouts is \"10001\"; expected a whole number from 1 to 10000", "solve", "add.md", "--rollouts", "10001")]
    [InlineData("o1coder: --rollouts is \"many\"; expected a whole number from 1 to 10000", "solve", "add.md", "--rollouts", "many")]
    [InlineData("o1coder: --seed is \"-1\"; expected a whole number from 0 to 18446744073709551615", "solve", "add.md", "--seed", "-1")]
    [InlineData("o1coder: --max-tokens is \"0\"; expected a whole number from 1", "solve", "add.md", "--max-tokens", "0")]
    [InlineData("o1coder: --seconds is \"NaN\"; expected a number of seconds above 0 and at most 604800", "solve", "add.md", "--seconds", "NaN")]
    [InlineData("o1coder: --coordinator is \"ftp://x\"; expected an address such as http://127.0.0.1:7410", "solve", "add.md", "--coordinator", "ftp://x")]
    [InlineData("o1coder: unknown command \"sovle\"; expected solve, resume, many, evaluate, selfplay, train, learn, models, sandbox, search, rewards, datasets or doctor (--help explains them)", "sovle", "add.md")]
    [InlineData("o1coder: unexpected \"--bogus\"; --help shows what solve takes", "solve", "add.md", "--bogus")]
    [InlineData("o1coder: standard input is empty; expected a problem or a statement", "solve", "-")]
    [InlineData("o1coder: no such file: tests.py", "solve", "add.md", "--tests", "tests.py")]
    public void Bad_input_gets_one_line_and_exit_code_2(string expected, params string[] args)
    {
        var session = new Session { Folder = _folder.Path };

        Assert.Equal(ExitCodes.BadInput, session.Prepare(args).ExitCode);

        Assert.Equal(expected + "\n", session.Error);
        Assert.Equal("", session.Out);
    }

    [Theory]
    [InlineData("solve", "add.md", "--method", "foo")]
    [InlineData("evaluate", "add.md", "--strategy", "foo")]
    public void A_method_that_is_not_there_is_told_with_those_that_are(params string[] args)
    {
        var session = new Session { Folder = _folder.Path };
        Assert.Equal(ExitCodes.BadInput, session.Prepare(args).ExitCode);
        Assert.StartsWith("o1coder: --method is \"foo\"; expected ", session.Error);
        Assert.Contains("gumbel", session.Error);
    }

    [Theory]
    [InlineData("--set is \"c-base\"; expected NAME=VALUE with a setting of puct: ", "--set", "c-base")]
    [InlineData("--set is \"c-base=0\"; expected c-base to be a number in [1, 1000000000]", "--set", "c-base=0")]
    [InlineData("--set is \"width=3\"; expected NAME=VALUE with a setting of puct: ", "--set", "width=3")]
    [InlineData("--in-flight is \"0\"; expected a whole number from 1 to 64", "--in-flight", "0")]
    public void A_setting_that_the_method_lacks_is_told_with_those_it_has(string expected, params string[] args)
    {
        _folder.Write("add.md", TemporaryFolder.Problem);
        var session = new Session { Folder = _folder.Path };
        Assert.Equal(ExitCodes.BadInput, session.Prepare(["solve", "add.md", "--method", "puct", .. args]).ExitCode);
        Assert.StartsWith("o1coder: " + expected, session.Error);
    }

    [Fact]
    public void A_malformed_problem_is_reported_with_its_file_and_line()
    {
        var path = _folder.Write("bad.md", TemporaryFolder.Problem.Replace("mode: function", "mode: foo", StringComparison.Ordinal));
        var session = new Session();

        Assert.Equal(ExitCodes.BadInput, session.Prepare("solve", path).ExitCode);

        Assert.StartsWith($"o1coder: {path}:5: ", session.Error, StringComparison.Ordinal);
        Assert.Contains("foo", session.Error, StringComparison.Ordinal);
        Assert.Contains("stdio", session.Error, StringComparison.Ordinal);
        Assert.Single(session.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_folder_in_place_of_a_file_is_refused()
    {
        var session = new Session();
        Assert.Equal(ExitCodes.BadInput, session.Prepare("solve", _folder.Path).ExitCode);
        Assert.Equal($"o1coder: a folder, not a file: {_folder.Path}\n", session.Error);
    }

    [Fact]
    public void What_the_line_repeats_cannot_write_to_the_terminal()
    {
        var session = new Session();
        session.Prepare("solve", "\u001b[2Jx\nmd");
        Assert.Equal("o1coder: no such file: ␛[2Jx md\n", session.Error);
    }

    [Fact]
    public void Json_gets_an_object_for_bad_input_too()
    {
        var session = new Session();
        Assert.Equal(ExitCodes.BadInput, session.Prepare("solve", "x.md", "--json").ExitCode);
        using var json = JsonDocument.Parse(session.Out);
        Assert.Equal("error", json.RootElement.GetProperty("outcome").GetString());
        Assert.Equal("no such file: x.md", json.RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public void A_coordinator_in_the_environment_is_taken_and_checked()
    {
        var session = new Session { Variables = { ["services__coordinator__http__0"] = "http://127.0.0.1:9" } };
        Assert.Equal(new Uri("http://127.0.0.1:9"), session.Prepare("solve", _folder.ProblemFile).Coordinator);
        Assert.Equal(new Uri("http://127.0.0.1:10"), session.Prepare("solve", _folder.ProblemFile, "--coordinator", "http://127.0.0.1:10").Coordinator);
        Assert.Null(new Session().Prepare("solve", _folder.ProblemFile).Coordinator);

        var bad = new Session { Variables = { ["services__coordinator__http__0"] = "nonsense" } };
        Assert.Equal(ExitCodes.BadInput, bad.Prepare("solve", _folder.ProblemFile).ExitCode);
        Assert.Contains("services__coordinator__http__0 is \"nonsense\"", bad.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "o1coder [command]")]
    [InlineData("solve --help", "--rollouts <N>")]
    [InlineData("doctor --help", "what is missing")]
    [InlineData("", "o1coder [command]")]
    public void Help_is_shown_on_standard_output(string args, string expected)
    {
        var session = new Session();
        Assert.Equal(ExitCodes.Solved, session.Prepare(args.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ExitCode);
        Assert.Contains(expected, session.Out, StringComparison.Ordinal);
        Assert.All(session.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Equal("", session.Error);
    }

    [Fact]
    public void The_version_is_the_assembly_s()
    {
        var session = new Session();
        Assert.Equal(ExitCodes.Solved, session.Prepare("--version").ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", session.Out);
    }

    [Fact]
    public async Task A_problem_from_standard_input_is_searched()
    {
        await using var search = await ScriptedSearch.StartAsync(Events.Search(V1.Outcome.Solved));
        var session = new Session { Input = TemporaryFolder.Problem };
        Assert.Equal(ExitCodes.Solved, await session.RunAsync(search.Address, "solve", "-"));
        Assert.Equal("add", search.Request!.Problem.Id);
    }

    [Fact]
    public async Task A_bare_statement_takes_its_tests_from_a_file_and_keeps_some_hidden()
    {
        var tests = _folder.Write("tests.py", "assert twice(1) == 2\nassert twice(2) == 4\nassert twice(0) == 0\n");
        await using var search = await ScriptedSearch.StartAsync(Events.Search(V1.Outcome.Solved));
        var session = new Session { Input = "Write a function `twice` that doubles its argument.\n" };

        Assert.Equal(ExitCodes.Solved, await session.RunAsync(search.Address, "solve", "-", "--tests", tests));

        Assert.Contains("doubles its argument", search.Request!.Problem.Statement, StringComparison.Ordinal);
        Assert.Equal(2, search.Request.Problem.VisibleTests.Count);
        Assert.Single(search.Request.Problem.HiddenTests);
    }

    [Fact]
    public async Task A_statement_without_tests_is_sent_without()
    {
        await using var search = await ScriptedSearch.StartAsync(Events.Search(V1.Outcome.Solved));
        var session = new Session { Input = "Write something.\n" };

        Assert.Equal(ExitCodes.Solved, await session.RunAsync(search.Address, "solve", "-"));

        Assert.Equal(V1.ProblemMode.Stdio, search.Request!.Problem.Mode);
        Assert.Empty(search.Request.Problem.VisibleTests);
        Assert.Empty(search.Request.Problem.HiddenTests);
        Assert.StartsWith("o1coder: the problem has no visible tests: the model writes them first", session.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_without_tests_needs_a_signature()
    {
        var session = new Session { Input = "---\nmode: function\n---\n\nWrite something.\n" };
        Assert.Equal(ExitCodes.BadInput, session.Prepare("solve", "-").ExitCode);
        Assert.StartsWith("o1coder: <stdin>: a function without tests and without a signature", session.Error, StringComparison.Ordinal);
        Assert.Single(session.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("1.01")]
    [InlineData("-1")]
    [InlineData("much")]
    public void A_weight_of_process_rewards_is_checked(string weight)
    {
        var session = new Session { Input = TemporaryFolder.Problem };
        Assert.Equal(ExitCodes.BadInput, session.Prepare("solve", "-", $"--process-reward={weight}").ExitCode);
        Assert.Contains($"--process-reward is \"{weight}\"; expected a number in [0, 1]", session.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_weight_of_process_rewards_is_sent()
    {
        await using var search = await ScriptedSearch.StartAsync(Events.Search(V1.Outcome.Solved));
        var session = new Session { Input = TemporaryFolder.Problem };
        await session.RunAsync(search.Address, "solve", "-", "--process-reward", "0.25");
        Assert.Equal(0.25, search.Request!.Options.ProcessRewardWeight);
    }
}
