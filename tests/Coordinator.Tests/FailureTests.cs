using System.Diagnostics;
using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

/// <summary>What happens to a search and its log when something around it fails.</summary>
public sealed class FailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_cancels_frees_the_model_within_a_second_and_the_log_stays_readable()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        var reached = new TaskCompletionSource();
        var freed = new TaskCompletionSource();
        host.Policy.Before = async (call, context) =>
        {
            if (call == 4)
            {
                context.CancellationToken.Register(() => freed.TrySetResult());
                reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
        };
        using var cancel = new CancellationTokenSource();
        using var solving = host.Client.Solve(Programs.Request(rollouts: 100), cancellationToken: cancel.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        var clock = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await freed.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"took {clock.Elapsed}");

        var log = await EndOfLogAsync(host.LogPath);
        Assert.Equal("cancelled", log.End);
        Assert.True(log.Rebuild().Rollouts > 0);
    }

    [Fact]
    public async Task A_policy_that_cannot_be_reached_is_Unavailable()
    {
        await using var host = await CoordinatorHost.StartAsync(policyAddress: "http://127.0.0.1:9");
        var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(Programs.Request()));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.StartsWith("policy: ", error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.Internal, StatusCode.Unavailable)]
    [InlineData(StatusCode.InvalidArgument, StatusCode.InvalidArgument)]
    [InlineData(StatusCode.ResourceExhausted, StatusCode.ResourceExhausted)]
    public async Task A_policy_that_fails_in_the_middle_ends_the_search_with_a_typed_error_in_the_log(
        StatusCode fault, StatusCode expected)
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        host.Policy.Before = (call, _) => call < 4 ? Task.CompletedTask : throw new RpcException(new Status(fault, "broken"));
        var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(Programs.Request(rollouts: 50)));
        Assert.Equal(expected, error.StatusCode);
        Assert.Equal($"policy: {fault}: broken", error.Status.Detail);
        var log = EventLog.Read(host.LogPath);
        Assert.Equal($"failed: {expected}: policy: {fault}: broken", log.End);
        Assert.True(log.Rebuild().Rollouts > 0);
    }

    [Fact]
    public async Task A_full_queue_is_asked_again()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(9);
        host.Policy.Before = (call, _) => call > 1 ? Task.CompletedTask : throw new RpcException(new Status(StatusCode.ResourceExhausted, "full"));
        Assert.Equal(V1.Outcome.Solved, (await host.SolveAsync(Programs.Request()))[^1].Finished.Outcome);
    }

    [Fact]
    public async Task A_sandbox_that_cannot_isolate_is_FailedPrecondition()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Sandbox.Isolated = false;
        var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(Programs.Request()));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("no namespaces", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_internal_error_of_the_sandbox_is_tried_again()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(9);
        host.Sandbox.Before = (call, _) => call <= 2 ? V1.Verdict.InternalError : null;
        var events = await host.SolveAsync(Programs.Request());
        Assert.Equal(V1.Outcome.Solved, events[^1].Finished.Outcome);
        Assert.Equal(V1.Verdict.Accepted, Assert.Single(events, one => one.ProgramJudged is not null).ProgramJudged.Verdict);
    }

    [Fact]
    public async Task A_program_that_the_sandbox_never_judges_is_left_out_and_never_counts_as_0()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        var cursed = "";
        host.Sandbox.Before = (call, request) =>
        {
            cursed = call == 1 ? request.Program : cursed;
            return request.Program == cursed ? V1.Verdict.InternalError : null;
        };
        var events = await host.SolveAsync(Programs.Request());
        var finished = events[^1].Finished;
        Assert.NotEqual(cursed, finished.Program);
        Assert.Equal(11, finished.Totals.Rollouts);
        var tree = EventLog.Read(finished.LogPath).Rebuild();
        Assert.Equal(finished.TreeHash, tree.ComputeHash());
        Assert.Equal(0, Assert.Single(tree.Nodes, node => node.Judgement is { Excluded: true }).Visits);
        Assert.Equal(3, host.Sandbox.Requests.Count(run => run.Program == cursed));
    }

    [Fact]
    public async Task A_coordinator_that_stops_ends_its_searches()
    {
        var host = await CoordinatorHost.StartAsync();
        var reached = new TaskCompletionSource();
        host.Policy.Before = async (_, context) =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        var solving = host.SolveAsync(Programs.Request());
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        var clock = Stopwatch.StartNew();
        await host.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => solving);
        Assert.Equal((StatusCode.Unavailable, "the coordinator is stopping"), (error.StatusCode, error.Status.Detail));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"took {clock.Elapsed}");
        Assert.Null(EventLog.Read(host.LogPath).End);
        await host.DisposeAsync();
    }

    // The client learns of its own cancellation before the server has closed the log.
    private static async Task<EventLog> EndOfLogAsync(string path)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            var log = EventLog.Read(path);
            if (log.End is not null)
            {
                return log;
            }

            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(10, patience.Token);
        }
    }
}
