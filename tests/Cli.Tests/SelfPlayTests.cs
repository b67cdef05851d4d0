using System.Text.Json;
using Grpc.Core;
using O1Coder.Cli.Display;
using O1Coder.Cli.SelfPlay;
using O1Coder.V1;
using Spectre.Console;

namespace O1Coder.Cli.Tests;

public sealed class SelfPlayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _problems;

    public SelfPlayTests()
    {
        foreach (var id in new[] { "a", "b", "c", "held" })
        {
            _folder.Write($"problems/{id}.md", TemporaryFolder.Problem.Replace("id: add", $"id: {id}", StringComparison.Ordinal)
                + "\n\n## Reference solution\n\n```python\ndef add(a, b):\n    return a + b\n```\n");
        }

        _folder.Write("problems/evaluation.txt", "held\n");
        _problems = Path.Combine(_folder.Path, "problems");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_told_line_by_line_and_ends_with_where_its_report_lies()
    {
        await using var play = await ScriptedPlay.StartAsync(ScriptedPlay.Run());
        var session = new Session();
        Assert.Equal(ExitCodes.Solved, await session.RunAsync(play.Address, "selfplay", "--problems", _problems));
        Assert.Contains("run one: 1 of 3 steps done, seed 7, model tiny-coder, in /runs/one", session.Out, StringComparison.Ordinal);
        Assert.Contains("evaluate-base: greedily 1 of 3 problems (known)", session.Out, StringComparison.Ordinal);
        Assert.Contains("step 2/3, tcg-sft: Test-case generator", session.Out, StringComparison.Ordinal);
        Assert.Contains("tcg-sft: 8 rows ␛[2J (1:02)", session.Out, StringComparison.Ordinal);
        Assert.EndsWith(
            "- greedy pass@1: 0.3 before, 0.5 after\n- policy: adapters/policy-sft\nreport: /runs/one/report.md\nadapter: /runs/one/policy\n",
            session.Out, StringComparison.Ordinal);
        Assert.Equal("", session.Error);
    }

    [Fact]
    public async Task The_request_carries_problems_with_solutions_the_split_and_the_settings()
    {
        await using var play = await ScriptedPlay.StartAsync(ScriptedPlay.Run());
        await new Session().RunAsync(play.Address, "selfplay", "--problems", _problems, "--iterations", "2", "--limit", "2", "--quick",
            "--run", "mine", "--seed", "9", "--rollouts", "5", "--prm", "pairs", "--schedule", "logarithmic", "--gamma", "0.5", "--samples", "4",
            "--base", "float32", "--rows", "12");
        var request = play.Request!;
        Assert.Equal("mine", request.Run);
        Assert.Equal(["a", "b"], request.Problems.Select(problem => problem.Id));
        Assert.Equal(["held"], request.EvaluationProblems.Select(problem => problem.Id));
        Assert.All(request.Problems, problem => Assert.Equal((2, 3, 1), (problem.VisibleTests.Count, problem.HiddenTests.Count, problem.ReferenceSolutions.Count)));
        Assert.Equal(
            new SelfPlaySettings
            {
                Iterations = 2,
                Quick = true,
                Seed = 9,
                Rollouts = 5,
                Prm = PrmTraining.Pairs,
                RewardSchedule = RewardSchedule.Logarithmic,
                Gamma = 0.5,
                EvaluationSamples = 4,
                BasePrecision = "float32",
                Rows = 12,
            },
            request.Settings);
    }

    [Fact]
    public async Task Defaults_leave_rollouts_and_samples_to_the_coordinator()
    {
        await using var play = await ScriptedPlay.StartAsync(ScriptedPlay.Run());
        await new Session().RunAsync(play.Address, "selfplay", "--problems", _problems);
        Assert.Equal(
            new SelfPlaySettings { Iterations = 1, Prm = PrmTraining.Soft, RewardSchedule = RewardSchedule.Linear, Gamma = 0.9, BasePrecision = "bfloat16" },
            play.Request!.Settings);
        Assert.Equal(3, play.Request.Problems.Count);
    }

    [Fact]
    public async Task Json_prints_one_object_and_nothing_else_on_standard_output()
    {
        await using var play = await ScriptedPlay.StartAsync(ScriptedPlay.Run());
        var session = new Session();
        Assert.Equal(ExitCodes.Solved, await session.RunAsync(play.Address, "selfplay", "--problems", _problems, "--json"));
        using var json = JsonDocument.Parse(session.Out);
        var root = json.RootElement;
        Assert.Equal("done", root.GetProperty("outcome").GetString());
        Assert.Equal("/runs/one/report.md", root.GetProperty("report").GetString());
        Assert.Equal("/runs/one/policy", root.GetProperty("policy_adapter").GetString());
        Assert.Equal(2445, root.GetProperty("tokens").GetInt64());
        var steps = root.GetProperty("done_steps");
        Assert.Equal(3, steps.GetArrayLength());
        Assert.Equal(1.5, steps[1].GetProperty("metrics").GetProperty("loss, last step").GetProperty("value").GetDouble());
        Assert.Contains("tcg-sft", session.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_stops_within_a_second_and_says_that_the_same_command_goes_on()
    {
        using var cancellation = new CancellationTokenSource();
        await using var play = await ScriptedPlay.StartAsync(async (stream, cancellationToken) =>
        {
            foreach (var response in ScriptedPlay.Run()[..3])
            {
                await stream.WriteAsync(response, cancellationToken);
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        var session = new Session();
        var run = session.RunAsync(play.Address, cancellation.Token, "selfplay", "--problems", _problems);
        await session.WaitForOutAsync("step 2/3").WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        cancellation.Cancel();
        Assert.Equal(ExitCodes.Cancelled, await run.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));
        await play.Cancelled.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Contains("1 of 3 steps are done, in /runs/one; the same command goes on.", session.Out, StringComparison.Ordinal);
        Assert.Equal("o1coder: stopped; the same command goes on from here\n", session.Error);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, "o1coder: the run failed (Unavailable): step 4, tcg-sft: trainer: gone\n")]
    [InlineData(StatusCode.FailedPrecondition, "o1coder: the run failed (FailedPrecondition): step 4, tcg-sft: trainer: gone\n")]
    public async Task A_failure_gets_one_line_and_exit_code_2(StatusCode status, string expected)
    {
        await using var play = await ScriptedPlay.StartAsync(async (stream, cancellationToken) =>
        {
            await stream.WriteAsync(ScriptedPlay.Run()[0], cancellationToken);
            throw new RpcException(new Grpc.Core.Status(status, "step 4, tcg-sft: trainer: gone"));
        });
        var session = new Session();
        Assert.Equal(ExitCodes.BadInput, await session.RunAsync(play.Address, "selfplay", "--problems", _problems));
        Assert.Equal(expected, session.Error);
        Assert.Contains("the same command goes on once the cause is gone.", session.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_gets_one_line()
    {
        var empty = Path.Combine(_folder.Path, "empty");
        Directory.CreateDirectory(empty);
        var alone = Path.GetDirectoryName(_folder.Write("alone/a.md", TemporaryFolder.Problem.Replace("id: add", "id: a", StringComparison.Ordinal)))!;
        var all = Path.GetDirectoryName(_folder.Write("all/a.md", TemporaryFolder.Problem.Replace("id: add", "id: a", StringComparison.Ordinal)))!;
        _folder.Write("all/evaluation.txt", "a\n");
        Refuses("selfplay needs --problems FOLDER", "selfplay");
        Refuses("--problems is \"nowhere\"; expected a folder of problems", "selfplay", "--problems", "nowhere");
        Refuses("the folder holds no problem", "selfplay", "--problems", empty);
        Refuses("sets no problem aside for evaluations", "selfplay", "--problems", alone);
        Refuses("leaves no problem to learn from", "selfplay", "--problems", all);
        Refuses("the problem \"a\" is in", "selfplay", "--problems", _problems, "--evaluation", alone);
        Refuses("--run is \"a/b\"; expected 1 to 64 letters", "selfplay", "--problems", _problems, "--run", "a/b");
        Refuses("--gamma is \"0\"; expected a number above 0 and at most 1", "selfplay", "--problems", _problems, "--gamma", "0");
        Refuses("--iterations is \"0\"; expected a whole number from 1 to 1000", "selfplay", "--problems", _problems, "--iterations", "0");
        Refuses("--prm is \"soft-ish\"; expected hard, soft or pairs", "selfplay", "--problems", _problems, "--prm", "soft-ish");
        Refuses("--base is \"int8\"; expected bfloat16 or float32", "selfplay", "--problems", _problems, "--base", "int8");
    }

    [Fact]
    public void The_picture_shows_step_progress_losses_and_what_came_of_the_steps_before()
    {
        var view = ScriptedPlay.Run()[..5].Aggregate(new PlayView(), (view, one) => view.Apply(one));
        var terminal = new Session { Interactive = true }.CreateTerminal();
        var text = string.Join('\n', Rendering.Lines(terminal, new Rows(PlayScreen.Draw(view, 65, 100, 24)), 100));
        Assert.Contains("1/3 steps", text, StringComparison.Ordinal);
        Assert.Contains("1:05", text, StringComparison.Ordinal);
        Assert.Contains("loss 1.5000", text, StringComparison.Ordinal);
        Assert.Contains("█▁", text, StringComparison.Ordinal);
        Assert.Contains("evaluate-base", text, StringComparison.Ordinal);
        Assert.True(PlayScreen.Draw(view, 65, 40, 3).Count <= 3);
    }

    private static void Refuses(string expected, params string[] args)
    {
        var session = new Session();
        Assert.Equal(ExitCodes.BadInput, session.Prepare(args).ExitCode);
        var line = Assert.Single(session.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }
}
