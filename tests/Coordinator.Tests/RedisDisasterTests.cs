using StackExchange.Redis;

namespace O1Coder.Coordinator.Tests;

/// <summary>
/// What may become of a real redis-server while a search runs; where this machine has none, the scripted one does the
/// nearest to it.
/// </summary>
public sealed class RedisDisasterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public enum Disaster
    {
        Killed,
        Paused,
        Flushed,
        Garbage,
        RestartedEmpty,
    }

    [Theory]
    [InlineData(Disaster.Killed, 1)]
    [InlineData(Disaster.Paused, 8)]
    [InlineData(Disaster.Flushed, 8)]
    [InlineData(Disaster.Garbage, 1)]
    [InlineData(Disaster.RestartedEmpty, 8)]
    public async Task The_tree_is_the_undisturbed_one(Disaster disaster, int inFlight)
    {
        var request = Programs.Request();
        request.Options.InFlight = inFlight;
        await using var quiet = await CoordinatorHost.StartAsync();
        quiet.Policy.Answer = Programs.Steps(Programs.Failing);
        var expected = (await quiet.SolveAsync(request))[^1].Finished.TreeHash;

        if (!RedisProcess.IsInstalled)
        {
            await using var fake = new FakeRedis(disaster switch
            {
                Disaster.Paused => RedisMood.HangingLater,
                Disaster.Garbage => RedisMood.Garbage,
                Disaster.Flushed => RedisMood.Working,
                _ => RedisMood.Dying,
            });
            await using var other = await StartAsync(fake.ConnectionString);
            Assert.Equal(expected, (await other.SolveAsync(request))[^1].Finished.TreeHash);
            return;
        }

        await using var redis = await RedisProcess.StartAsync();
        await using var host = await StartAsync(redis.ConnectionString);

        // First without a disaster, so that there are values which the second search would take.
        Assert.Equal(expected, (await host.SolveAsync(request))[^1].Finished.TreeHash);
        Assert.True(await ValuesAsync(redis) > 0, "the search kept its values");
        var calls = host.Policy.Calls.Count;
        host.Policy.Before = async (call, _) =>
        {
            if (call == calls + 3)
            {
                await StrikeAsync(redis, disaster);
            }
        };
        request.Options.Seed = 2;
        var disturbed = (await host.SolveAsync(request))[^1].Finished.TreeHash;
        request.Options.Seed = 1;
        Assert.Equal(expected, (await host.SolveAsync(request))[^1].Finished.TreeHash);
        request.Options.Seed = 2;
        Assert.Equal((await quiet.SolveAsync(request))[^1].Finished.TreeHash, disturbed);
        if (disaster == Disaster.Paused)
        {
            await redis.GoOnAsync();
        }
    }

    // Nothing is kept in the process, so that every value comes from Redis or is made anew.
    private static async Task<CoordinatorHost> StartAsync(string redis)
    {
        var host = await CoordinatorHost.StartAsync(redis, options => options with { MemoryCacheBytes = 1 });
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await host.Cache.IsConnectedAsync())
        {
            await Task.Delay(10, patience.Token);
        }

        return host;
    }

    private static async Task StrikeAsync(RedisProcess redis, Disaster disaster)
    {
        switch (disaster)
        {
            case Disaster.Killed:
                redis.Kill();
                break;
            case Disaster.Paused:
                await redis.PauseAsync();
                break;
            case Disaster.RestartedEmpty:
                await redis.RestartAsync();
                break;
            default:
                await using (var connection = await ConnectAsync(redis))
                {
                    var server = connection.GetServers()[0];
                    if (disaster == Disaster.Flushed)
                    {
                        await server.FlushAllDatabasesAsync();
                        break;
                    }

                    await foreach (var key in server.KeysAsync(pattern: "o1coder:*"))
                    {
                        await connection.GetDatabase().StringSetAsync(key, "O1C\u0001 and then something else that is long enough");
                    }
                }

                break;
        }
    }

    private static async Task<long> ValuesAsync(RedisProcess redis)
    {
        await using var connection = await ConnectAsync(redis);
        return await connection.GetServers()[0].DatabaseSizeAsync();
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(RedisProcess redis) =>
        ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
}
