using System.Collections.Concurrent;
using O1Coder.Models;

namespace O1Coder.Inference.Tests;

/// <summary>Adapters in the engine over a scripted back end: who runs with which, and when one is freed.</summary>
public sealed class EngineAdapterTests
{
    private static readonly int[] s_prompt = [.. Enumerable.Range(0, 30).Select(i => i % 19)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_request_runs_with_its_adapter()
    {
        await using var engine = Engine(new ScriptedBackend { MaxSequences = 8 });
        var first = await Add(engine, 1);
        var second = await Add(engine, 2);
        string?[] versions = [null, first, second];
        var crowd = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Answers.Of(engine, Request(20, versions[i % 3]), Cancellation)));
        for (var i = 0; i < crowd.Length; i++)
        {
            var path = s_prompt.ToList();
            foreach (var token in crowd[i].Finished[0].Tokens)
            {
                var logits = ScriptedBackend.LogitsAfter(path, versions[i % 3]);
                Assert.Equal(Array.IndexOf(logits, logits.Max()), token);
                path.Add(token);
            }
        }

        Assert.Equal([first, second], engine.Adapters.Select(adapter => adapter.Version));
    }

    [Fact]
    public async Task Sequences_of_several_adapters_are_in_one_step()
    {
        using var permits = new SemaphoreSlim(0);
        var backend = new ScriptedBackend { MaxSequences = 4, DecodePermits = permits };
        await using var engine = Engine(backend);
        var version = await Add(engine, 1);
        var plain = Answers.Of(engine, Request(100), Cancellation);
        var adapted = Answers.Of(engine, Request(20, version) with { Sequences = 3 }, Cancellation);
        permits.Release(1000);
        await Task.WhenAll(plain, adapted);

        var batches = backend.Batches.ToArray();
        Assert.Equal(19, batches.Count(size => size == 4));
        Assert.All(batches, size => Assert.True(size is 1 or 4));
    }

    [Fact]
    public async Task A_removed_adapter_lives_until_its_last_request_ends()
    {
        using var permits = new SemaphoreSlim(0);
        var backend = new ScriptedBackend { DecodePermits = permits, MaxSequences = 1 };
        await using var engine = Engine(backend);
        var version = await Add(engine, 1);
        var decoding = new TaskCompletionSource();
        backend.OnDecode = _ => decoding.TrySetResult();
        var running = Answers.Of(engine, Request(10, version), Cancellation);
        var waiting = Answers.Of(engine, Request(10, version), Cancellation);
        var queued = engine.ScoreAsync(s_prompt, new[] { 1 }, version, default, Cancellation);
        permits.Release(1);
        await decoding.Task.WaitAsync(Cancellation);

        Assert.True(engine.RemoveAdapter(version));
        Assert.False(engine.RemoveAdapter(version));
        Assert.Empty(engine.Adapters);
        var error = await Assert.ThrowsAsync<AdapterNotLoadedException>(() => Answers.Of(engine, Request(10, version), Cancellation));
        Assert.Equal(version, error.Version);
        await Assert.ThrowsAsync<AdapterNotLoadedException>(() => engine.ScoreAsync(s_prompt, new[] { 1 }, version, default, Cancellation));
        await Assert.ThrowsAsync<AdapterNotLoadedException>(() => engine.ScoreLabelsAsync(s_prompt, [1], [1], version, default, Cancellation));
        Assert.Empty(backend.Released);

        // The same version again, while the removed one still runs, is another copy.
        await Add(engine, 1);
        permits.Release(1000);
        Assert.Equal((await running).Exact, (await waiting).Exact);
        await queued;
        await Until(() => backend.Released.Count == 1);
        Assert.Equal((await running).Exact, (await Answers.Of(engine, Request(10, version), Cancellation)).Exact);
        Assert.Single(backend.Released);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_idle_engine_frees_at_once_and_forgets_what_the_adapter_computed(bool cancelledBefore)
    {
        var backend = new ScriptedBackend();
        await using var engine = Engine(backend);
        var version = await Add(engine, 1);
        Assert.Equal(0, (await Answers.Of(engine, Request(5), Cancellation)).Accepted.CachedTokens);
        Assert.Equal(0, (await Answers.Of(engine, Request(5, version), Cancellation)).Accepted.CachedTokens);
        Assert.Equal(28, (await Answers.Of(engine, Request(5, version), Cancellation)).Accepted.CachedTokens);
        if (cancelledBefore)
        {
            // Held, so that it cannot have ended by itself before it is cancelled.
            using var cancel = new CancellationTokenSource();
            var hold = new TaskCompletionSource();
            backend.OnDecode = _ => hold.Task.Wait(Cancellation);
            var running = Answers.Of(engine, Request(220, version), cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            backend.OnDecode = null;
            hold.SetResult();
        }

        engine.RemoveAdapter(version);
        await Until(() => backend.Released.Count == 1);

        await Add(engine, 1);
        Assert.Equal(0, (await Answers.Of(engine, Request(5, version), Cancellation)).Accepted.CachedTokens);
        Assert.Equal(28, (await Answers.Of(engine, Request(5), Cancellation)).Accepted.CachedTokens);
    }

    [Fact]
    public async Task Preparing_holds_no_request_up()
    {
        using var prepare = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        var backend = new ScriptedBackend();
        await using var engine = Engine(backend);
        backend.OnPrepare = _ =>
        {
            begun.SetResult();
            prepare.Wait(Cancellation);
        };
        var adding = Add(engine, 1);
        await begun.Task.WaitAsync(Cancellation);

        Assert.Equal(50, (await Answers.Of(engine, Request(50), Cancellation)).Usage.GeneratedTokens);
        Assert.Empty(engine.Adapters);
        prepare.Set();
        Assert.Equal(await adding, Assert.Single(engine.Adapters).Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failure_ends_the_requests_of_that_adapter_and_no_others(bool inPrefill)
    {
        var backend = new ScriptedBackend { MaxSequences = 4 };
        await using var engine = Engine(backend);
        var version = await Add(engine, 1);
        var other = Answers.Of(engine, Request(200), Cancellation);
        backend.OnStep = parts =>
        {
            if (parts.Any(sequence => sequence.Adapter is not null && (inPrefill || sequence.Length >= s_prompt.Length)))
            {
                throw new InvalidDataException("broken");
            }
        };

        await Assert.ThrowsAsync<InvalidDataException>(() => Answers.Of(engine, Request(100, version) with { Sequences = 2 }, Cancellation));
        Assert.Equal(200, (await other).Usage.GeneratedTokens);
        backend.OnStep = null;
        Assert.Equal(100, (await Answers.Of(engine, Request(100, version), Cancellation)).Usage.GeneratedTokens);
    }

    [Fact]
    public async Task No_step_is_tried_for_requests_that_were_cancelled_while_one_failed()
    {
        var backend = new ScriptedBackend { MaxSequences = 4 };
        await using var engine = Engine(backend);
        var version = await Add(engine, 1);
        using var cancel = new CancellationTokenSource();
        Task? plain = null;
        var alone = new ConcurrentQueue<bool>();
        backend.OnStep = parts =>
        {
            // Otherwise the two may have ended before the third has come.
            Assert.True(SpinWait.SpinUntil(() => plain is not null, TimeSpan.FromSeconds(30)));
            if (parts.Count == 3)
            {
                cancel.Cancel();
                Assert.True(SpinWait.SpinUntil(() => plain!.IsCompleted, TimeSpan.FromSeconds(30)));
                throw new InvalidDataException("broken");
            }

            if (cancel.IsCancellationRequested && parts.Count == 1)
            {
                alone.Enqueue(parts[0].Adapter is not null);
                throw new InvalidDataException("broken alone");
            }
        };

        var adapted = Answers.Of(engine, Request(200, version) with { Sequences = 2 }, Cancellation);
        plain = Answers.Of(engine, Request(200), cancel.Token);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => adapted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => plain);
        backend.OnStep = null;
        await Answers.Of(engine, Request(5), Cancellation);

        // The first of the two fails their request, so the second is not tried, nor the one that was cancelled.
        Assert.Equal([true], alone);
        Assert.Equal("broken alone", error.Message);
    }

    [Fact]
    public async Task There_is_room_for_so_many_and_a_swap_needs_none()
    {
        await using var engine = Engine(new ScriptedBackend(), new EngineOptions { MaxAdapters = 2 });
        var (first, second) = (await Add(engine, 1), await Add(engine, 2));
        Assert.Equal(first, await Add(engine, 1));
        var error = await Assert.ThrowsAsync<AdapterLimitException>(() => Add(engine, 3));
        Assert.Contains("2 adapters are loaded: expected fewer than 2", error.Message, StringComparison.Ordinal);
        await Add(engine, 3, replacing: first);
        engine.RemoveAdapter(first);
        await Assert.ThrowsAsync<AdapterLimitException>(() => Add(engine, 4));
        Assert.Equal([second, Adapter(3).Version], engine.Adapters.Select(adapter => adapter.Version));
    }

    [Fact]
    public async Task There_is_room_for_so_many_bytes()
    {
        var bytes = Adapter(1).Bytes;
        await using var engine = Engine(new ScriptedBackend(), new EngineOptions { MaxAdapterBytes = (2 * bytes) - 1 });
        var first = await Add(engine, 1);
        await Assert.ThrowsAsync<AdapterLimitException>(() => Add(engine, 2));
        await Add(engine, 2, replacing: first);
    }

    [Fact]
    public async Task An_adapter_without_a_version_is_refused()
    {
        await using var engine = Engine(new ScriptedBackend());
        var written = Adapter(1);
        await Assert.ThrowsAsync<ArgumentException>(() => engine.AddAdapterAsync(
            new LoraAdapter(written.Rank, written.Alpha, false, written.Matrices), null, Cancellation));
    }

    private static LoraAdapter Adapter(int seed) => TinyQwen2.Adapter(TinyQwen2.Description, 2, seed);

    private static async Task<string> Add(InferenceEngine engine, int seed, string? replacing = null) =>
        (await engine.AddAdapterAsync(Adapter(seed), replacing, Cancellation)).Version;

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, Cancellation);
        }
    }

    private static GenerationRequest Request(int maxTokens, string? adapter = null) => new()
    {
        Prompt = s_prompt,
        Sampling = new SamplingOptions { MaxTokens = maxTokens },
        Adapter = adapter,
    };

    private static InferenceEngine Engine(ScriptedBackend backend, EngineOptions? options = null) =>
        new(backend, new ScriptedTokenizer(), [], options ?? new EngineOptions { PrefixCacheBytes = 1 << 20 }, TimeSpan.Zero);
}
