using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

/// <summary>Searches and runs as grains, on one coordinator and on three.</summary>
public sealed class ClusterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_search_as_a_grain_comes_to_the_same_tree_and_goes_on_from_its_log()
    {
        string hash;
        await using (var plain = await CoordinatorHost.StartAsync())
        {
            hash = (await plain.SolveAsync(Programs.Request()))[^1].Finished.TreeHash;
        }

        await using var host = await CoordinatorHost.StartAsync(cluster: "alone");
        var events = await host.SolveAsync(Programs.Request());
        Assert.Equal(hash, events[^1].Finished.TreeHash);
        Assert.Equal(
            Enumerable.Range(1, events.Count(one => one.Progress is null)),
            events.Where(one => one.Progress is null).Select(one => (int)one.Sequence));
        var again = await host.SolveAsync(new V1.SolveRequest { ResumeSearchId = events.First(one => one.Started is not null).Started.SearchId });
        Assert.Equal(hash, again[^1].Finished.TreeHash);
    }

    [Fact]
    public async Task Whoever_goes_away_stops_the_search_as_a_grain_too()
    {
        await using var host = await CoordinatorHost.StartAsync(cluster: "alone", change: options => options with { Resume = false });
        var reached = new TaskCompletionSource();
        var freed = new TaskCompletionSource();
        host.Policy.Before = async (call, context) =>
        {
            if (call == 3)
            {
                reached.TrySetResult();
                await using var registration = context.CancellationToken.Register(freed.SetResult);
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
        };
        using var cancel = new CancellationTokenSource();
        using (var call = host.Client.Solve(Programs.Request(), cancellationToken: cancel.Token))
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
            await cancel.CancelAsync();
        }

        await freed.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (EventLog.Read(host.LogPath).End is null)
        {
            await Task.Delay(20, patience.Token);
        }

        Assert.Equal("cancelled", EventLog.Read(host.LogPath).End);
    }

    [Fact]
    public async Task A_killed_coordinator_of_three_costs_no_problem_and_answers_none_twice()
    {
        const int Problems = 50;
        await using var redis = await RedisProcess.StartAsync();
        await using var host = await CoordinatorHost.StartAsync(redis.ConnectionString, change: options => options with { Resume = false });
        host.Policy.Before = (_, _) => Task.Delay(20, Token);
        host.Policy.Answer = (_, _, seed, i) => Programs.Passing(seed % 5 == 0 ? 9 : (int)(seed % 2), $"{seed:x}.{i}");
        var settings = host.ProcessSettings();
        settings[ClusterOptions.ModeVariable] = "redis";
        var silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => CoordinatorProcess.StartAsync(settings)));
        try
        {
            var request = ManyTests.Request(Problems, grant: 4, each: 12);
            request.Parallel = 8;
            var answered = new List<V1.ProblemAnswered>();
            V1.ManyFinished? finished = null;
            using (var call = silos[0].Client.SolveMany(request, cancellationToken: Token))
            {
                while (await call.ResponseStream.MoveNext(Token))
                {
                    var one = call.ResponseStream.Current;
                    finished = one.Finished;
                    if (one.Answered is not null)
                    {
                        answered.Add(one.Answered);
                        if (answered.Count == 10)
                        {
                            await silos[2].KillAsync();
                        }
                    }
                }
            }

            Assert.NotNull(finished);
            Assert.Equal(Problems, answered.Select(one => one.ProblemId).Distinct().Count());
            Assert.Equal(Problems, answered.Count);
            Assert.All(answered, one => Assert.Equal("", one.Error));
            Assert.Equal(finished.Totals.Solved, answered.Count(one => one.Outcome == V1.Outcome.Solved));
            Assert.InRange(finished.Totals.Solved, 1, Problems);
        }
        finally
        {
            foreach (var silo in silos)
            {
                await silo.DisposeAsync();
            }
        }
    }
}
