using System.Text.Json;
using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Cli.Tests;

public sealed class SolveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Outcome.Solved, ExitCodes.Solved, "Solved: 2/2 visible and 3/3 hidden tests pass.")]
    [InlineData(Outcome.BudgetSpent, ExitCodes.NotSolved, "Not solved: budget spent after 2 rollouts; the best program passes 1/2 visible tests.")]
    [InlineData(Outcome.HiddenTestsFailed, ExitCodes.NotSolved, "Not solved: passes the visible tests but fails a hidden one (1/3 pass): add(-1, 1): expected 0, got 2")]
    public async Task The_exit_code_and_the_last_lines_say_how_the_search_ended(Outcome outcome, int exitCode, string sentence)
    {
        await using var search = await ScriptedSearch.StartAsync(Events.Search(outcome));
        var session = new Session();

        Assert.Equal(exitCode, await session.RunAsync(search.Address, "solve", _folder.ProblemFile));

        Assert.Contains(sentence, session.Out, StringComparison.Ordinal);
        Assert.Contains("    return a + b", session.Out, StringComparison.Ordinal);
        Assert.Contains("runs/20260101-000000-add/events.jsonl", session.Out, StringComparison.Ordinal);
        Assert.Contains("runs/20260101-000000-add/trace.md", session.Out, StringComparison.Ordinal);
        Assert.Equal("", session.Error);
    }

    [Fact]
    public async Task A_sandbox_that_failed_at_the_end_is_not_held_against_the_program()
    {
        var judgement = new Judgement { Verdict = Verdict.InternalError, Message = "no process could be \u001b[1mstarted" };
        await using var search = await ScriptedSearch.StartAsync(
            [.. Events.Search(Outcome.Solved)[..^1], Events.Finished(Outcome.HiddenTestsFailed, "pass\n", judgement)]);
        var session = new Session();
        Assert.Equal(ExitCodes.NotSolved, await session.RunAsync(search.Address, "solve", _folder.ProblemFile));
        Assert.Contains("Not solved: the sandbox failed at the hidden tests, which says nothing about the program: "
            + "no process could be ␛[1mstarted\n", session.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_request_carries_the_problem_and_the_options_but_no_solution()
    {
        await using var search = await ScriptedSearch.StartAsync(Events.Search(Outcome.Solved));
        await new Session().RunAsync(search.Address, "solve", _folder.ProblemFile, "--rollouts", "5", "--seed", "18446744073709551615",
            "--strategy", "sample", "--max-tokens", "900", "--seconds", "1.5");

        var request = search.Request!;
        Assert.Equal("add", request.Problem.Id);
        Assert.Equal(ProblemMode.Function, request.Problem.Mode);
        Assert.Equal(Language.Python, request.Problem.Language);
        Assert.Equal("def add(a: int, b: int) -> int:", request.Problem.Signature);
        Assert.Equal(["assert add(1, 2) == 3", "assert add(0, 0) == 0"], request.Problem.VisibleTests.Select(test => test.Assertion.Code.Trim()));
        Assert.Equal(3, request.Problem.HiddenTests.Count);
        Assert.Equal(new Budget { Rollouts = 5, Tokens = 900, Seconds = 1.5 }, request.Budget);
        Assert.Equal(new SearchOptions { Method = "sample", Seed = ulong.MaxValue }, request.Options);
        Assert.InRange(search.Deadline, DateTime.UtcNow + TimeSpan.FromSeconds(30), DateTime.UtcNow + TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task Json_prints_one_object_and_nothing_else_on_standard_output()
    {
        await using var search = await ScriptedSearch.StartAsync(Events.Search(Outcome.Solved));
        var session = new Session();

        Assert.Equal(ExitCodes.Solved, await session.RunAsync(search.Address, "solve", _folder.ProblemFile, "--json"));

        using var json = JsonDocument.Parse(session.Out);
        var root = json.RootElement;
        Assert.Equal(
            ["problem", "strategy", "method", "seed", "outcome", "error", "program", "verdict", "message", "passed", "total", "hidden_passed",
                "hidden_total", "rollouts", "nodes", "programs", "tokens", "seconds", "tokens_per_second", "best_value", "tree_hash",
                "model", "adapter_version", "rests_on_generated_tests", "generated_tests", "log", "trace"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("add", root.GetProperty("problem").GetString());
        Assert.Equal("mcts", root.GetProperty("strategy").GetString());
        Assert.Equal(7, root.GetProperty("seed").GetInt32());
        Assert.Equal("solved", root.GetProperty("outcome").GetString());
        Assert.Equal("def add(a, b):\n    return a + b\n", root.GetProperty("program").GetString());
        Assert.Equal("accepted", root.GetProperty("verdict").GetString());
        Assert.Equal((5, 5, 3, 3), (Number("passed"), Number("total"), Number("hidden_passed"), Number("hidden_total")));
        Assert.Equal((2, 4, 120), (Number("rollouts"), Number("nodes"), Number("tokens")));
        Assert.Equal(60, root.GetProperty("tokens_per_second").GetDouble());
        Assert.Equal(1, root.GetProperty("best_value").GetDouble());
        Assert.Equal(new string('b', 64), root.GetProperty("tree_hash").GetString());
        Assert.Equal("tiny-coder", root.GetProperty("model").GetString());
        Assert.Equal("runs/20260101-000000-add/events.jsonl", root.GetProperty("log").GetString());
        Assert.Equal("runs/20260101-000000-add/trace.md", root.GetProperty("trace").GetString());
        Assert.Contains("wrong answer", session.Error, StringComparison.Ordinal);

        int Number(string name) => root.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Ctrl_C_stops_within_a_second_prints_the_best_program_and_where_the_log_lies()
    {
        using var cancellation = new CancellationTokenSource();
        await using var search = await ScriptedSearch.StartAsync(async (stream, cancellationToken) =>
        {
            foreach (var response in Events.Search(Outcome.Solved)[..5])
            {
                await stream.WriteAsync(response, cancellationToken);
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        var session = new Session();

        var run = session.RunAsync(search.Address, cancellation.Token, "solve", _folder.ProblemFile);
        await session.WaitForOutAsync("node 2: wrong answer").WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        cancellation.Cancel();
        Assert.Equal(ExitCodes.Cancelled, await run.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));

        await search.Cancelled.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Contains("runs/20260101-000000-add", session.Out, StringComparison.Ordinal);
        Assert.Contains("    return 2", session.Out, StringComparison.Ordinal);
        Assert.Contains("the best program passes 1/2 visible tests", session.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_at_the_address_gets_one_line_that_says_how_to_start()
    {
        Uri address;
        await using (var search = await ScriptedSearch.StartAsync(Events.Started()))
        {
            address = search.Address;
        }

        var session = new Session();
        Assert.Equal(ExitCodes.BadInput, await session.RunAsync(address, "solve", _folder.ProblemFile, "--json"));
        var line = Assert.Single(session.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"o1coder: no coordinator answers at {address.GetLeftPart(UriPartial.Authority)}", line, StringComparison.Ordinal);
        Assert.EndsWith("dotnet run --project AppHost", line, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(session.Out);
        Assert.Equal("error", json.RootElement.GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, "o1coder: the coordinator refused the request: boom")]
    [InlineData(StatusCode.Unavailable, "o1coder: the system is not ready: boom")]
    [InlineData(StatusCode.ResourceExhausted, "o1coder: the coordinator is busy, try again later: boom")]
    [InlineData(StatusCode.Unimplemented, "is not an O1Coder coordinator: boom")]
    [InlineData(StatusCode.Internal, "o1coder: the search failed (Internal): boom")]
    public async Task A_refused_search_gets_one_line_and_exit_code_2(StatusCode status, string expected)
    {
        await using var search = await ScriptedSearch.StartAsync((_, _) => throw new RpcException(new Status(status, "boom")));
        var session = new Session();

        Assert.Equal(ExitCodes.BadInput, await session.RunAsync(search.Address, "solve", _folder.ProblemFile));

        Assert.Contains(expected, session.Error, StringComparison.Ordinal);
        Assert.Single(session.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_service_that_goes_away_in_the_middle_is_not_called_a_system_that_is_not_ready()
    {
        await using var search = await ScriptedSearch.StartAsync(async (stream, cancellationToken) =>
        {
            await stream.WriteAsync(Events.Started(), cancellationToken);
            throw new RpcException(new Status(StatusCode.Unavailable, "policy: gone"));
        });
        var session = new Session();

        Assert.Equal(ExitCodes.BadInput, await session.RunAsync(search.Address, "solve", _folder.ProblemFile));

        Assert.Equal("o1coder: the search failed (Unavailable): policy: gone\n", session.Error);
    }

    [Fact]
    public async Task A_stream_that_ends_too_early_is_an_error_but_keeps_the_program()
    {
        await using var search = await ScriptedSearch.StartAsync(Events.Search(Outcome.Solved)[..5]);
        var session = new Session();

        Assert.Equal(ExitCodes.BadInput, await session.RunAsync(search.Address, "solve", _folder.ProblemFile));

        Assert.Equal("o1coder: the coordinator closed the stream before the search had ended\n", session.Error);
        Assert.Contains("return 2", session.Out, StringComparison.Ordinal);
        Assert.Contains("runs/20260101-000000-add", session.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_escapes_what_a_terminal_would_obey_and_gives_the_program_back_exactly()
    {
        const string Program = "# \u001b[2J \u009b31m \u202e\nprint('é')\n";
        await using var search = await ScriptedSearch.StartAsync(Events.Search(Outcome.Solved, Program));
        var session = new Session();

        await session.RunAsync(search.Address, "solve", _folder.ProblemFile, "--json");

        Assert.DoesNotContain(session.Out, character => character != '\n' && char.IsControl(character));
        using var json = JsonDocument.Parse(session.Out);
        Assert.Equal(Program, json.RootElement.GetProperty("program").GetString());
    }

    [Fact]
    public async Task The_largest_budget_has_a_deadline_too()
    {
        await using var search = await ScriptedSearch.StartAsync(Events.Search(Outcome.Solved));
        Assert.Equal(ExitCodes.Solved, await new Session().RunAsync(search.Address, "solve", _folder.ProblemFile, "--rollouts", "10000"));
        Assert.InRange(search.Deadline, DateTime.UtcNow + TimeSpan.FromDays(1), DateTime.UtcNow + TimeSpan.FromDays(60));
    }

    [Fact]
    public async Task A_search_that_runs_past_its_deadline_is_stopped_and_reported()
    {
        await using var search = await ScriptedSearch.StartAsync((_, _) => throw new RpcException(new Status(StatusCode.DeadlineExceeded, "late")));
        var session = new Session();
        Assert.Equal(ExitCodes.BadInput, await session.RunAsync(search.Address, "solve", _folder.ProblemFile, "--seconds", "10"));
        Assert.Equal("o1coder: the search did not end within 130 s and was stopped\n", session.Error);
    }

    [Fact]
    public async Task What_speaks_another_protocol_is_no_coordinator()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var done = new CancellationTokenSource();
        var answer = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                using var client = await listener.AcceptTcpClientAsync(done.Token);
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), done.Token);
            }
        }, done.Token);
        var session = new Session();
        Assert.Equal(ExitCodes.BadInput, await session.RunAsync(new Uri($"http://{listener.LocalEndpoint}"), "solve", _folder.ProblemFile));
        done.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        var line = Assert.Single(session.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("o1coder: ", line, StringComparison.Ordinal);
        Assert.Contains("coordinator", line, StringComparison.Ordinal);
    }
}
