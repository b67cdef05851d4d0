namespace O1Coder.Inference.Tests;

/// <summary>What requests that wait and sequences that run need stays in the cache, and no longer than they need it.</summary>
public sealed class PrefixCacheQueueTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A place is taken while other prompts flood the cache; whoever waits for the place still finds what it came with.
    [Fact]
    public async Task What_a_waiting_request_begins_with_is_not_evicted()
    {
        using var permits = new SemaphoreSlim(1000);
        await using var engine = Engine(new ScriptedBackend { DecodePermits = permits, MaxSequences = 1, MaxPrompts = 1 }, room: 96);
        var known = Path(1, 32);
        await AskAsync(engine, known, 1);
        Assert.Equal(32, (await AskAsync(engine, [.. known, 1, 2], 1)).Accepted.CachedTokens);

        // One after another in line, behind one whose decoding is held up: the flood goes first.
        while (permits.Wait(0, Cancellation))
        {
        }

        var runs = AskAsync(engine, [1, 2, 3], 4);
        var flood = Enumerable.Range(2, 4).Select(seed => AskAsync(engine, Path(seed, 60), 3)).ToArray();
        var waits = AskAsync(engine, [.. known, 3, 4], 3);
        permits.Release(1000);
        await runs;
        await Task.WhenAll(flood);
        Assert.Equal(32, (await waits).Accepted.CachedTokens);
    }

    [Fact]
    public async Task A_request_that_was_taken_back_or_answered_keeps_nothing()
    {
        using var permits = new SemaphoreSlim(1000);
        await using var engine = Engine(new ScriptedBackend { DecodePermits = permits, MaxSequences = 1, MaxPrompts = 1 }, room: 64);
        var known = Path(1, 32);
        await AskAsync(engine, known, 1);

        // It waits while another runs, and goes away.
        while (permits.Wait(0, Cancellation))
        {
        }

        var runs = AskAsync(engine, [1, 2, 3], 4);
        using var cancel = new CancellationTokenSource();
        var waits = Answers.Of(engine, Request([.. known, 5], 3), cancel.Token);
        permits.Release(1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        permits.Release(1000);
        await runs;

        await AskAsync(engine, Path(2, 64), 1);
        Assert.Equal(0, (await AskAsync(engine, [.. known, 6, 7], 1)).Accepted.CachedTokens);
    }

    // Its reader has not read it; its sequences are done all the same.
    [Fact]
    public async Task A_reader_that_does_not_read_keeps_nothing()
    {
        await using var engine = Engine(new ScriptedBackend(), room: 64);
        var known = Path(1, 32);
        await using var slow = engine.GenerateAsync(Request(known, 4), Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await slow.MoveNextAsync());

        // Its tokens are written, whoever reads them.
        while (engine.Load is not { Running: 0, SequenceSteps: >= 3 })
        {
            await Task.Delay(1, Cancellation);
        }

        await AskAsync(engine, Path(2, 60), 20);
        await AskAsync(engine, Path(3, 60), 20);
        Assert.Equal(0, (await AskAsync(engine, [.. known, 6, 7], 1)).Accepted.CachedTokens);
    }

    private static Task<Answers> AskAsync(IInferenceEngine engine, int[] prompt, int tokens) =>
        Answers.Of(engine, Request(prompt, tokens), Cancellation);

    private static GenerationRequest Request(int[] prompt, int tokens) => new()
    {
        Prompt = prompt,
        Sampling = new SamplingOptions { MaxTokens = tokens },
    };

    // Different from the first token on.
    private static int[] Path(int seed, int length)
    {
        var random = new Random(seed);
        return [10 + seed, .. Enumerable.Range(1, length - 1).Select(_ => random.Next(ScriptedTokenizer.Vocabulary - 1))];
    }

    private static InferenceEngine Engine(ScriptedBackend backend, int room) => new(
        backend,
        new ScriptedTokenizer(),
        [],
        new EngineOptions { PrefixCacheBytes = room * sizeof(int), QueueLength = 100 },
        TimeSpan.Zero);
}
