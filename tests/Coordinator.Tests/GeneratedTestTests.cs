using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

public sealed class GeneratedTestTests
{
    private static V1.SolveRequest Request(int hidden, ulong seed = 1)
    {
        var request = Programs.Request(seed: seed);
        request.Problem = Programs.Problem(visible: 0, hidden: hidden);
        return request;
    }

    [Fact]
    public async Task Generated_tests_steer_and_judge_where_there_are_no_others()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(9);

        var events = await host.SolveAsync(Request(hidden: 0));

        var started = events.First(one => one.Started is not null).Started;
        Assert.Equal(host.Tcg.Tests, started.GeneratedTests);
        Assert.Equal((2, 2), (started.VisibleTests, started.HiddenTests));
        var finished = events[^1].Finished;
        Assert.Equal(V1.Outcome.Solved, finished.Outcome);
        Assert.Equal((2, 2, 2, 2), (finished.Judgement.Passed, finished.Judgement.Total, finished.Judgement.HiddenPassed, finished.Judgement.HiddenTotal));
        Assert.All(host.Sandbox.Requests, one => Assert.Equal(host.Tcg.Tests.Select(test => test.Test), one.Tests));

        // The model reads them, and the tokens that they cost are counted.
        Assert.All(host.Policy.PromptsSeen, prompt => Assert.Contains("assert add(1, 2) == 3", prompt, StringComparison.Ordinal));
        Assert.True(finished.Totals.GeneratedTokens > 100);

        // They are in the log, the folder and the trace, and the log rebuilds the tree.
        var log = EventLog.Read(finished.LogPath);
        Assert.Equal(started, log.Events[0].Started);
        Assert.Equal(finished.TreeHash, log.Rebuild().ComputeHash());
        var kept = V1.TcgFinished.Parser.ParseJson(await ReadAsync(Path.Combine(started.Folder, "tests.json")));
        Assert.Equal((9, 2), (kept.Counts.Written, kept.Tests.Count));
        var trace = await ReadAsync(finished.TracePath);
        Assert.Contains("the verdict rests on these", trace, StringComparison.Ordinal);
        Assert.Contains("By agreement, 5 of 6 programs:", trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hidden_tests_judge_alone_and_are_seen_by_nobody_before()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(2);

        var events = await host.SolveAsync(Request(hidden: 3));

        var finished = events[^1].Finished;
        Assert.Equal(V1.Outcome.HiddenTestsFailed, finished.Outcome);
        Assert.Equal((2, 3, 2, 3), (finished.Judgement.Passed, finished.Judgement.Total, finished.Judgement.HiddenPassed, finished.Judgement.HiddenTotal));
        var asked = Assert.Single(host.Tcg.Requests);
        Assert.Empty(asked.Problem.HiddenTests);
        Assert.Equal("def add(a, b):", asked.Problem.Signature);
        Assert.Equal(V1.ProblemMode.Function, asked.Problem.Mode);
        Assert.All(host.Policy.PromptsSeen, prompt => Assert.DoesNotContain("7000", prompt, StringComparison.Ordinal));
        Assert.Equal(3, host.Sandbox.Requests.Last().Tests.Count);
        Assert.Contains("hidden ones judged alone", await ReadAsync(finished.TracePath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_tests_are_never_replaced()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(9);
        var events = await host.SolveAsync(Programs.Request());
        Assert.Empty(events[0].Started.GeneratedTests);
        Assert.Empty(host.Tcg.Requests);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_tree_and_the_cache_the_same_tests()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);

        var first = await host.SolveAsync(Request(hidden: 0));
        var second = await host.SolveAsync(Request(hidden: 0));
        Assert.Equal(first[^1].Finished.TreeHash, second[^1].Finished.TreeHash);
        Assert.Equal(1UL, Assert.Single(host.Tcg.Requests).Seed);

        await host.SolveAsync(Request(hidden: 0, seed: 2));
        Assert.Equal([1UL, 2UL], host.Tcg.Requests.Select(one => one.Seed));

        // Another version of the adapter that writes them writes others.
        host.Policy.Adapters["tcg"] = new V1.Adapter { Name = "tcg", Version = "0123456789abcdef" };
        await host.SolveAsync(Request(hidden: 0));
        Assert.Equal(["", "", "tcg"], host.Tcg.Requests.Select(one => one.Adapter));
    }

    [Fact]
    public async Task Progress_comes_while_tests_are_written()
    {
        await using var host = await CoordinatorHost.StartAsync(change: options => options with { ProgressInterval = TimeSpan.FromMilliseconds(1) });
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(9);
        var told = new TaskCompletionSource();
        host.Tcg.Before = _ => told.Task;
        using var call = host.Client.Solve(
            Request(hidden: 0), deadline: DateTime.UtcNow.AddSeconds(60), cancellationToken: TestContext.Current.CancellationToken);
        var first = new List<V1.SolveResponse>();
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            first.Add(call.ResponseStream.Current);
            if (first[^1].Progress is { GeneratedTokens: 30 } progress)
            {
                Assert.Equal("writing tests: writing inputs", progress.Activity);
                told.TrySetResult();
            }
        }

        Assert.True(told.Task.IsCompleted);
        Assert.Single(first, one => one.Started is not null);
        Assert.NotNull(first[^1].Finished);
        Assert.Equal(1, first.First(one => one.Started is not null).Sequence);
    }

    [Fact]
    public async Task What_the_generator_could_not_do_is_told()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Tcg.Before = _ => throw new RpcException(new Status(StatusCode.FailedPrecondition, "no test could be agreed on: 4 inputs"));

        var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(Request(hidden: 0)));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.StartsWith("tcg: FailedPrecondition: no test could be agreed on", error.Status.Detail, StringComparison.Ordinal);
        Assert.StartsWith("failed: FailedPrecondition: tcg:", EventLog.Read(host.LogPath).End, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_generation()
    {
        await using var host = await CoordinatorHost.StartAsync();
        var reached = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        host.Tcg.Before = async context =>
        {
            using var registered = context.CancellationToken.Register(() => ended.TrySetResult());
            reached.TrySetResult();
            await ended.Task;
        };
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var call = host.Client.Solve(Request(hidden: 0), cancellationToken: cancel.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await cancel.CancelAsync();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static Task<string> ReadAsync(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
}
