using System.Diagnostics;
using O1Coder.Problems;
using O1Coder.Search;

namespace O1Coder.Coordinator.Tests;

/// <summary>Redis is a cache: whatever it does costs time, never a result.</summary>
public sealed class RedisTests
{
    private static async Task<(V1.SearchFinished Finished, CoordinatorHost Host)> SolveAsync(
        string? redis, bool connected = false, TimeSpan? deadline = null)
    {
        var host = await CoordinatorHost.StartAsync(redis, options => options with { CacheDeadline = deadline ?? options.CacheDeadline });
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        if (connected)
        {
            // The connection is made in the background; a search does not wait for it, these tests do.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(30));
            while (!await host.Cache.IsConnectedAsync())
            {
                await Task.Delay(10, patience.Token);
            }
        }

        return ((await host.SolveAsync(Programs.Request()))[^1].Finished, host);
    }

    private static async Task<string> HashWithoutRedisAsync()
    {
        var (finished, host) = await SolveAsync(null);
        await host.DisposeAsync();
        return finished.TreeHash;
    }

    [Theory]
    [InlineData(RedisMood.Garbage)]
    [InlineData(RedisMood.Hanging)]
    [InlineData(RedisMood.HangingLater)]
    [InlineData(RedisMood.Dying)]
    public async Task A_Redis_in_a_bad_mood_changes_nothing_and_costs_little(RedisMood mood)
    {
        await using var redis = new FakeRedis(mood);
        var clock = Stopwatch.StartNew();
        var (finished, host) = await SolveAsync(redis.ConnectionString, connected: mood != RedisMood.Hanging);
        await using var owned = host;
        Assert.Equal(await HashWithoutRedisAsync(), finished.TreeHash);
        Assert.Equal(mood != RedisMood.Hanging, redis.ValueCommands > 0);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
    }

    [Fact]
    public async Task Nobody_there_at_the_start_changes_nothing()
    {
        var (finished, host) = await SolveAsync("127.0.0.1:9");
        await using var owned = host;
        Assert.Equal(await HashWithoutRedisAsync(), finished.TreeHash);
    }

    [Fact]
    public async Task A_coordinator_finds_what_another_one_stored_and_gives_the_same_tree()
    {
        await using var redis = new FakeRedis(RedisMood.Working);
        // A busy machine may miss the usual deadline, which is not what this test is about.
        var patient = TimeSpan.FromSeconds(10);
        var (cold, first) = await SolveAsync(redis.ConnectionString, connected: true, patient);
        await using var ownedFirst = first;
        Assert.True(redis.Values > 0, "the first search stored its values");

        var (warm, second) = await SolveAsync(redis.ConnectionString, connected: true, patient);
        await using var ownedSecond = second;
        Assert.Equal(cold.TreeHash, warm.TreeHash);
        Assert.Equal(0, warm.Totals.GeneratedTokens);
        Assert.Empty(second.Policy.Calls);
        Assert.Empty(second.Sandbox.Requests);
    }

    [Fact]
    public void A_sealed_value_opens_under_its_own_key_alone_and_unaltered_alone()
    {
        var value = CacheEnvelope.Seal("k", [1, 2, 3]);
        Assert.Equal([1, 2, 3], CacheEnvelope.Open("k", value)!);
        Assert.Null(CacheEnvelope.Open("other", value));
        Assert.Null(CacheEnvelope.Open("k", []));
        for (var i = 0; i < value.Length; i++)
        {
            var altered = (byte[])value.Clone();
            altered[i] ^= 1;
            Assert.Null(CacheEnvelope.Open("k", altered));
            Assert.Null(CacheEnvelope.Open("k", value.AsSpan(0, i)));
        }
    }

    [Fact]
    public async Task The_memory_cache_forgets_what_was_used_least_recently()
    {
        var token = TestContext.Current.CancellationToken;
        // Room for two: a small value takes 160 bytes more than it has, and two for each character of its key.
        var cache = new MemoryCache(2 * (160 + 2 + 4));
        await cache.SetAsync("a", new byte[4], token);
        await cache.SetAsync("b", new byte[4], token);
        Assert.NotNull(await cache.GetAsync("a", token));
        await cache.SetAsync("c", new byte[4], token);
        Assert.Null(await cache.GetAsync("b", token));
        Assert.NotNull(await cache.GetAsync("a", token));
        await cache.SetAsync("huge", new byte[500], token);
        Assert.Null(await cache.GetAsync("huge", token));
        Assert.NotNull(await cache.GetAsync("c", token));

        // A long key needs the room of both.
        await cache.SetAsync(new string('k', 50), new byte[4], token);
        Assert.Null(await cache.GetAsync("a", token));
        Assert.Null(await cache.GetAsync("c", token));
    }

    [Fact]
    public void A_key_tells_what_produced_the_value()
    {
        var model = new V1.ModelIdentity { ModelHash = "a" };
        var request = new V1.GenerateRequest { Sequences = 2, Sampling = new V1.SamplingParameters { Seed = 1 } };
        var key = CacheKey.Of("generation", model, request);
        Assert.Equal(key, CacheKey.Of("generation", model.Clone(), request.Clone()));
        Assert.StartsWith("o1coder:v2:generation:", key, StringComparison.Ordinal);
        var others = new[]
        {
            CacheKey.Of("verdict", model, request),
            CacheKey.Of("generation", new V1.ModelIdentity { ModelHash = "a", Adapter = "x" }, request),
            CacheKey.Of("generation", model, new V1.GenerateRequest { Sequences = 2, Sampling = new V1.SamplingParameters { Seed = 2 } }),
        };
        Assert.DoesNotContain(key, others);

        var exact = new V1.GetModelResponse { Model = model, Backend = "onnx/cpu", Precision = "exact" };
        Assert.Equal(PolicyGenerator.KeyOf(request, exact), PolicyGenerator.KeyOf(request, new(exact) { LoadSeconds = 7, Threads = 8 }));
        Assert.NotEqual(PolicyGenerator.KeyOf(request, exact), PolicyGenerator.KeyOf(request, new(exact) { Precision = "fast" }));

        // When and how fast it is answered makes no other answer.
        var urgent = new V1.GenerateRequest(request) { PromptLookup = true, Ticket = new() { Priority = V1.Priority.High, Caller = "a" } };
        Assert.Equal(PolicyGenerator.KeyOf(request, exact), PolicyGenerator.KeyOf(urgent, exact));
        Assert.Equal("a", urgent.Ticket.Caller);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_search_s_terminal_value_is_the_problems_library_s_outcome_reward(double alpha)
    {
        foreach (var (compiled, passed) in new[] { (false, 0), (true, 0), (true, 1), (true, 3), (true, 4) })
        {
            var judgement = new Judgement { Compiled = compiled, Passed = passed, Total = 4, Verdict = "x" };
            Assert.Equal(new OutcomeReward(alpha).Value(compiled, passed, 4), TerminalValue.Of(judgement, alpha), tolerance: 1e-12);
        }
    }
}
