namespace O1Coder.Coordinator.Tests;

public sealed class SingleFlightTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Equal_calls_at_once_cost_one_and_later_ones_another()
    {
        var flights = new SingleFlight<int>();
        var calls = 0;
        var gate = new TaskCompletionSource();
        async Task<int> CallAsync(CancellationToken token)
        {
            var number = Interlocked.Increment(ref calls);
            await gate.Task.WaitAsync(token);
            return number;
        }

        var waiting = Enumerable.Range(0, 5).Select(_ => flights.RunAsync("k", CallAsync, Token)).ToList();
        var other = flights.RunAsync("other", _ => Task.FromResult(9), Token);
        Assert.Equal(9, await other);
        gate.SetResult();
        var answers = await Task.WhenAll(waiting);
        Assert.Equal([1, 1, 1, 1, 1], answers);
        Assert.Equal(2, await flights.RunAsync("k", CallAsync, Token));
    }

    [Fact]
    public async Task The_call_ends_with_the_last_who_waits_and_not_with_the_first()
    {
        var flights = new SingleFlight<int>();
        var (begun, freed, gate) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource<int>());
        async Task<int> CallAsync(CancellationToken token)
        {
            token.Register(() => freed.TrySetResult());
            begun.TrySetResult();
            return await gate.Task.WaitAsync(token);
        }

        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var one = flights.RunAsync("k", CallAsync, first.Token);
        var two = flights.RunAsync("k", CallAsync, second.Token);
        await begun.Task.WaitAsync(Token);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.False(freed.Task.IsCompleted);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two);
        await freed.Task.WaitAsync(Token);

        // Whoever comes after a call that was given up gets one of his own.
        Assert.Equal(3, await flights.RunAsync("k", _ => Task.FromResult(3), Token));
    }

    [Fact]
    public async Task A_failure_is_everybody_s()
    {
        var flights = new SingleFlight<int>();
        var gate = new TaskCompletionSource();
        async Task<int> CallAsync(CancellationToken token)
        {
            await gate.Task;
            throw new InvalidDataException("no");
        }

        var waiting = Enumerable.Range(0, 3).Select(_ => flights.RunAsync("k", CallAsync, Token)).ToList();
        gate.SetResult();
        foreach (var one in waiting)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => one);
        }
    }

    [Fact]
    public async Task Two_searches_of_the_same_problem_at_once_ask_as_much_as_one()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        host.Policy.Before = (_, _) => Task.Delay(5, Token);
        var both = await Task.WhenAll(host.SolveAsync(Programs.Request()), host.SolveAsync(Programs.Request()));
        Assert.Equal(both[0][^1].Finished.TreeHash, both[1][^1].Finished.TreeHash);
        var (calls, runs) = (host.Policy.Calls.Count, host.Sandbox.Requests.Count);

        await using var alone = await CoordinatorHost.StartAsync();
        alone.Policy.Answer = host.Policy.Answer;
        Assert.Equal(both[0][^1].Finished.TreeHash, (await alone.SolveAsync(Programs.Request()))[^1].Finished.TreeHash);
        Assert.Equal((alone.Policy.Calls.Count, alone.Sandbox.Requests.Count), (calls, runs));
    }
}
