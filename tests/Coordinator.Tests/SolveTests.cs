using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

public sealed class SolveTests
{
    private static V1.SearchFinished Finish(List<V1.SolveResponse> events) => events[^1].Finished;

    [Fact]
    public async Task A_search_is_streamed_logged_traced_and_judged_by_hidden_tests()
    {
        await using var host = await CoordinatorHost.StartAsync();
        var written = 0;
        host.Policy.Answer = Programs.Steps((seed, i) => Interlocked.Increment(ref written) < 6 ? Programs.Failing(seed, i) : Programs.Passing(9));
        var events = await host.SolveAsync(Programs.Request(rollouts: 32));

        var started = events[0].Started;
        Assert.Equal((2, 2), (started.VisibleTests, started.HiddenTests));
        Assert.Equal(ScriptedPolicy.Model, started.Model);
        Assert.Equal(
            (V1.Strategy.Mcts, 1UL, 2.0, 3, 5, 0.1, 0.8f, 40, 0.95f, 160, 512),
            (started.Options.Strategy, started.Options.Seed, started.Options.Exploration, started.Options.SamplesPerExpansion,
                started.Options.MaxDepth, started.Options.CompileWeight, started.Options.Temperature, started.Options.TopK,
                started.Options.TopP, started.Options.MaxStepTokens, started.Options.MaxProgramTokens));

        var finished = Finish(events);
        Assert.Equal(V1.Outcome.Solved, finished.Outcome);
        Assert.StartsWith("# passes 9", finished.Program, StringComparison.Ordinal);
        Assert.Equal((V1.Verdict.Accepted, 4, 4, 2, 2), (finished.Judgement.Verdict, finished.Judgement.Passed,
            finished.Judgement.Total, finished.Judgement.HiddenPassed, finished.Judgement.HiddenTotal));
        Assert.Equal(events.Where(one => one.NodeAdded is not null).Sum(one => one.NodeAdded.Tokens), finished.Totals.GeneratedTokens);
        Assert.Equal(Enumerable.Range(1, events.Count(one => one.Progress is null)),
            events.Where(one => one.Progress is null).Select(one => (int)one.Sequence));

        var log = EventLog.Read(finished.LogPath);
        Assert.Equal(events.Where(one => one.Progress is null), log.Events);
        Assert.Equal(finished.TreeHash, log.Rebuild().ComputeHash());
        var trace = await File.ReadAllTextAsync(finished.TracePath, TestContext.Current.CancellationToken);
        Assert.Contains("**solved", trace, StringComparison.Ordinal);
        Assert.Contains("# passes 9", trace, StringComparison.Ordinal);
        Assert.Contains(finished.TreeHash, trace, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(started.Folder, "request.json")));
    }

    [Fact]
    public async Task Progress_stands_between_the_first_event_and_the_last()
    {
        await using var host = await CoordinatorHost.StartAsync(change: options => options with { ProgressInterval = TimeSpan.FromMilliseconds(1) });
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(9);
        for (var i = 0; i < 20; i++)
        {
            var events = await host.SolveAsync(Programs.Request(seed: (ulong)i));
            Assert.NotNull(events[0].Started);
            Assert.NotNull(events[^1].Finished);
        }
    }

    [Fact]
    public async Task A_program_that_fails_a_hidden_test_is_not_called_solved()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(3);
        var finished = Finish(await host.SolveAsync(Programs.Request()));
        Assert.Equal(V1.Outcome.HiddenTestsFailed, finished.Outcome);
        Assert.Equal((3, 4, 1, 2), (finished.Judgement.Passed, finished.Judgement.Total,
            finished.Judgement.HiddenPassed, finished.Judgement.HiddenTotal));
        Assert.Equal(1.0, finished.Value);
    }

    [Fact]
    public async Task A_spent_budget_returns_the_best_program()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        var events = await host.SolveAsync(Programs.Request(rollouts: 32));
        var finished = Finish(events);
        Assert.Equal(V1.Outcome.BudgetSpent, finished.Outcome);
        Assert.Equal(0.55, finished.Value, tolerance: 1e-12);
        Assert.Equal(32, finished.Totals.Rollouts);
        Assert.InRange(host.Sandbox.Requests.Select(one => one.Program).Distinct().Count(), 30, 32);
        Assert.All(events.Where(one => one.ProgramJudged?.Verdict == V1.Verdict.WrongAnswer),
            one => Assert.Contains("expected 3, got 4", one.ProgramJudged.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(V1.Strategy.Greedy, 1)]
    [InlineData(V1.Strategy.Sample, 12)]
    public async Task Greedy_and_sample_speak_the_same_events(V1.Strategy strategy, int programs)
    {
        await using var host = await CoordinatorHost.StartAsync();
        var request = Programs.Request();
        request.Options.Strategy = strategy;
        var events = await host.SolveAsync(request);
        Assert.Equal(programs, events[0].Started.Budget.Rollouts);
        Assert.Equal(programs, Finish(events).Totals.Programs);
        Assert.Equal(programs, events.Count(one => one.RolloutFinished is not null));
        Assert.All(host.Policy.Requests, one => Assert.Equal(strategy == V1.Strategy.Greedy, one.Sampling.Temperature == 0));
    }

    [Fact]
    public async Task Same_seed_same_tree_with_a_cold_and_a_warm_cache_and_another_seed_another_tree()
    {
        await using var first = await CoordinatorHost.StartAsync();
        await using var second = await CoordinatorHost.StartAsync();
        first.Policy.Answer = second.Policy.Answer = Programs.Steps(Programs.Failing);
        var cold = Finish(await first.SolveAsync(Programs.Request()));
        var elsewhere = Finish(await second.SolveAsync(Programs.Request()));
        var calls = first.Policy.Requests.Count;
        var runs = first.Sandbox.Requests.Count;
        var warmEvents = await first.SolveAsync(Programs.Request());
        var other = Finish(await first.SolveAsync(Programs.Request(seed: 2)));

        Assert.Equal(cold.TreeHash, elsewhere.TreeHash);
        Assert.Equal(cold.TreeHash, Finish(warmEvents).TreeHash);
        Assert.NotEqual(cold.TreeHash, other.TreeHash);
        Assert.Equal(0, Finish(warmEvents).Totals.GeneratedTokens);
        Assert.True(cold.Totals.GeneratedTokens > 0);
        Assert.All(warmEvents.Where(one => one.ProgramJudged is not null), one => Assert.True(one.ProgramJudged.Cached));
        Assert.Equal(cold.Totals.Nodes, Finish(warmEvents).Totals.Nodes);
        Assert.True(first.Policy.Requests.Count > calls, "the other seed asks anew");
        Assert.True(first.Sandbox.Requests.Count > runs);
    }

    [Fact]
    public async Task A_child_s_prompt_starts_with_exactly_what_the_model_read_and_wrote_before()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        await host.SolveAsync(Programs.Request(rollouts: 32));
        var children = host.Policy.Calls
            .Where(one => one.Request.Prompt.Parts[0].KindCase == V1.PromptPart.KindOneofCase.Tokens).ToList();
        Assert.NotEmpty(children);
        foreach (var (request, prompt) in children)
        {
            var parent = string.Concat(request.Prompt.Parts[0].Tokens.Ids.Select(id => (char)id));
            Assert.Contains(parent, host.Policy.PathsWritten);
            Assert.StartsWith(parent, prompt, StringComparison.Ordinal);
            Assert.Single(request.Prompt.Parts.Skip(1), part => part.KindCase == V1.PromptPart.KindOneofCase.Text);
        }
    }

    [Fact]
    public async Task Hidden_tests_reach_no_prompt_and_no_run_before_the_last()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        await host.SolveAsync(Programs.Request(rollouts: 20));
        Assert.NotEmpty(host.Policy.PromptsSeen);
        Assert.All(host.Policy.PromptsSeen, prompt => Assert.DoesNotContain("7000", prompt, StringComparison.Ordinal));
        Assert.Contains(host.Policy.PromptsSeen, prompt => prompt.Contains("assert add(0, 1) == 1", StringComparison.Ordinal));
        var runs = host.Sandbox.Requests.ToList();
        Assert.All(runs.SkipLast(1), run => Assert.Equal(2, run.Tests.Count));
        Assert.Equal(4, runs[^1].Tests.Count);
    }

    [Fact]
    public async Task Without_hidden_tests_the_last_third_is_held_out()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(4);
        var request = Programs.Request();
        request.Problem = Programs.Problem(visible: 6, hidden: 0);
        var events = await host.SolveAsync(request);
        Assert.Equal((4, 2), (events[0].Started.VisibleTests, events[0].Started.HiddenTests));
        Assert.Equal(V1.Outcome.HiddenTestsFailed, Finish(events).Outcome);
        Assert.All(host.Policy.PromptsSeen, prompt => Assert.DoesNotContain("add(5, 1)", prompt, StringComparison.Ordinal));
        Assert.Contains("held out", await File.ReadAllTextAsync(Finish(events).TracePath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_of_seconds_ends_the_search_with_an_answer()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        host.Policy.Before = (call, context) => call < 4 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, context.CancellationToken);
        var request = Programs.Request(rollouts: 1000);
        request.Budget.Seconds = 0.6;
        var events = await host.SolveAsync(request);
        Assert.Equal(V1.Outcome.BudgetSpent, Finish(events).Outcome);
        Assert.NotEmpty(Finish(events).Program);
        Assert.InRange(Finish(events).Totals.Seconds, 0.5, 10);
        Assert.Contains(events, one => one.Progress is { Activity.Length: > 0 });
    }

    [Fact]
    public async Task Too_many_searches_at_once_are_told_to_come_back()
    {
        await using var host = await CoordinatorHost.StartAsync(change: options => options with { MaxSearches = 1 });
        var reached = new TaskCompletionSource();
        host.Policy.Before = async (_, context) =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        using var first = host.Client.Solve(Programs.Request(), cancellationToken: TestContext.Current.CancellationToken);
        await reached.Task;
        var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(Programs.Request()));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }
}
