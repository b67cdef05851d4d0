namespace O1Coder.Inference.Tests;

/// <summary>Continuous batching over a scripted back end, which itself checks how it is called.</summary>
public sealed class SchedulerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 60)]
    [InlineData(3, 4)]
    public async Task Greedy_follows_the_largest_logit_to_the_end_of_turn_or_the_limit(int first, int limit)
    {
        await using var engine = Engine(new ScriptedBackend(), endOfTurn: true);
        var answers = await Answers.Of(engine, Request([first, 2, 3], maxTokens: limit), Cancellation);

        var path = new List<int> { first, 2, 3 };
        var expected = new List<int>();
        while (expected.Count < limit)
        {
            var logits = ScriptedBackend.LogitsAfter(path);
            var best = Array.IndexOf(logits, logits.Max());
            if (best == ScriptedTokenizer.EndOfTurn)
            {
                break;
            }

            expected.Add(best);
            path.Add(best);
        }

        Assert.Equal(expected, answers.Finished[0].Tokens);
        Assert.Equal(expected.Count == limit ? FinishReason.MaxTokens : FinishReason.EndOfTurn, answers.Finished[0].Reason);
        Assert.All(answers.Chunks.SelectMany(chunk => chunk.SamplingLogProbabilities), value => Assert.Equal(0, value));
        Assert.All(answers.Chunks.SelectMany(chunk => chunk.ModelLogProbabilities), value => Assert.InRange(value, -10, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_request_gives_the_same_alone_in_a_crowd_and_from_the_cache(bool decodesAsPrefills)
    {
        var prompts = Enumerable.Range(0, 12).Select(i => Enumerable.Range(0, 5 + (7 * i)).Select(j => (i + (j * j)) % 19).ToArray()).ToArray();
        var alone = new List<IReadOnlyList<string>>();
        foreach (var prompt in prompts)
        {
            await using var fresh = Engine(new ScriptedBackend { DecodesAsPrefills = decodesAsPrefills }, cacheBytes: 0);
            alone.Add((await Answers.Of(fresh, Sampled(prompt), Cancellation)).Exact);
        }

        await using var engine = Engine(new ScriptedBackend { DecodesAsPrefills = decodesAsPrefills });
        for (var round = 0; round < 2; round++)
        {
            var crowd = await Task.WhenAll(prompts.Select(prompt => Answers.Of(engine, Sampled(prompt), Cancellation)));
            Assert.Equal(alone, crowd.Select(answers => answers.Exact));
            if (round == 1)
            {
                Assert.All(crowd, answers => Assert.Equal(answers.Usage.PromptTokens - 2, answers.Accepted.CachedTokens));
            }
        }

        static GenerationRequest Sampled(int[] prompt) => Request(prompt, 25, 3) with
        {
            Sampling = new SamplingOptions { MaxTokens = 25, Temperature = 0.9f, TopK = 8, TopP = 0.9f, Seed = 3 },
        };
    }

    [Fact]
    public async Task A_child_reuses_its_parents_prompt_and_answer()
    {
        await using var engine = Engine(new ScriptedBackend());
        int[] prompt = [.. Enumerable.Range(0, 40).Select(i => i % 19)];
        var parent = await Answers.Of(engine, Request(prompt, maxTokens: 10), Cancellation);
        int[] child = [.. prompt, .. parent.Finished[0].Tokens, 5, 6, 7];

        var answers = await Answers.Of(engine, Request(child), Cancellation);

        // The last token of the answer was drawn but never computed.
        Assert.Equal(prompt.Length + parent.Finished[0].Tokens.Count - 1, answers.Accepted.CachedTokens);
    }

    [Fact]
    public async Task What_was_decoded_is_not_cached_where_it_differs_from_prefill()
    {
        await using var engine = Engine(new ScriptedBackend { DecodesAsPrefills = false });
        int[] prompt = [.. Enumerable.Range(0, 40).Select(i => i % 19)];
        var parent = await Answers.Of(engine, Request(prompt, maxTokens: 10), Cancellation);

        var answers = await Answers.Of(engine, Request([.. prompt, .. parent.Finished[0].Tokens, 5, 6, 7]), Cancellation);

        Assert.Equal(prompt.Length, answers.Accepted.CachedTokens);
    }

    [Fact]
    public async Task Sequences_of_one_request_share_one_prefill()
    {
        var backend = new ScriptedBackend();
        await using var engine = Engine(backend, cacheBytes: 0);
        var answers = await Answers.Of(engine, Request([.. Enumerable.Repeat(4, 30)], sequences: 9, maxTokens: 6), Cancellation);

        // More sequences than places: later ones start as earlier ones end, from the same prompt.
        Assert.Equal(30, backend.Chunks.Sum());
        Assert.Single(answers.Exact.Distinct());
    }

    [Fact]
    public async Task Requests_join_and_leave_between_tokens()
    {
        using var permits = new SemaphoreSlim(0);
        var backend = new ScriptedBackend { DecodePermits = permits };
        await using var engine = Engine(backend);
        var joined = new TaskCompletionSource();
        var first = Answers.Of(engine, Request([1, 2, 3], 20), Cancellation);
        permits.Release(5);
        while (backend.Batches.Count < 5)
        {
            await Task.Yield();
        }

        backend.OnDecode = size =>
        {
            if (size == 2)
            {
                joined.TrySetResult();
            }
        };
        var second = Answers.Of(engine, Request([4, 5, 6], 4), Cancellation);
        permits.Release(1000);
        await joined.Task.WaitAsync(Cancellation);
        await Task.WhenAll(first, second);

        var batches = backend.Batches.ToArray();
        Assert.Equal(1, batches[0]);
        Assert.Equal(3, batches.Count(size => size == 2));
        Assert.Equal(1, batches[^1]);
        Assert.Equal(19, batches.Length);
    }

    [Fact]
    public async Task Cancelling_frees_the_places_within_a_token()
    {
        using var permits = new SemaphoreSlim(0);
        var backend = new ScriptedBackend { DecodePermits = permits, MaxSequences = 2 };
        await using var engine = Engine(backend);
        using var cancel = new CancellationTokenSource();
        var running = new TaskCompletionSource();
        backend.OnDecode = _ => running.TrySetResult();
        var cancelled = Answers.Of(engine, Request([1, 2, 3], 200) with { Sequences = 2 }, cancel.Token);
        permits.Release(1);
        await running.Task.WaitAsync(Cancellation);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        permits.Release(1000);
        var answers = await Answers.Of(engine, Request([7, 8, 9], 10) with { Sequences = 2 }, Cancellation);

        // At most the step that was under way and one more ran for the cancelled request.
        Assert.Equal(2, answers.Finished.Count);
        Assert.InRange(backend.Batches.Count, 9, 12);
    }

    [Fact]
    public async Task Leaving_the_enumeration_frees_the_places()
    {
        var backend = new ScriptedBackend { MaxSequences = 1 };
        await using var engine = Engine(backend);
        await foreach (var happened in engine.GenerateAsync(Request([1, 2, 3], 200), Cancellation))
        {
            if (happened is SequenceChunk)
            {
                break;
            }
        }

        Assert.Equal(5, (await Answers.Of(engine, Request([7, 8, 9], 5), Cancellation)).Usage.GeneratedTokens);
    }

    [Fact]
    public async Task A_full_queue_answers_busy_and_a_cancelled_request_leaves_it()
    {
        using var permits = new SemaphoreSlim(0);
        var backend = new ScriptedBackend { DecodePermits = permits, MaxSequences = 1 };
        await using var engine = Engine(backend, queue: 2);
        var running = new TaskCompletionSource();
        var staged = new TaskCompletionSource();
        backend.OnPrefill = _ => (running.Task.IsCompleted ? staged : running).TrySetResult();
        var first = Answers.Of(engine, Request([1, 2, 3], 200), Cancellation);
        await running.Task.WaitAsync(Cancellation);

        // The second is prefilled and waits for a place; the next two wait in the queue.
        var second = Answers.Of(engine, Request([2, 2, 3], 3), Cancellation);
        while (!staged.Task.IsCompleted)
        {
            // A step may have begun before it came: the next one takes it in.
            permits.Release(1);
            await Task.WhenAny(staged.Task, Task.Delay(5, Cancellation));
        }

        using var cancel = new CancellationTokenSource();
        var third = Answers.Of(engine, Request([3, 2, 3], 3), cancel.Token);
        var fourth = Answers.Of(engine, Request([4, 2, 3], 3), Cancellation);

        var busy = await Assert.ThrowsAsync<EngineBusyException>(() => Answers.Of(engine, Request([5, 2, 3], 3), Cancellation));
        Assert.Contains("2 requests", busy.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EngineBusyException>(() => engine.ScoreAsync(new[] { 1 }, new[] { 2 }, null, default, Cancellation));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        var fifth = Answers.Of(engine, Request([5, 2, 3], 3), Cancellation);
        permits.Release(1000);
        Assert.All(await Task.WhenAll(second, fourth, fifth), answers => Assert.Equal(3, answers.Usage.GeneratedTokens));
        Assert.Equal(200, (await first).Usage.GeneratedTokens);
    }

    [Fact]
    public async Task Requests_are_served_in_the_order_in_which_they_came()
    {
        using var permits = new SemaphoreSlim(0);
        await using var engine = Engine(new ScriptedBackend { DecodePermits = permits, MaxSequences = 1 });
        var order = new List<int>();
        var tasks = Enumerable.Range(0, 6).Select(async i =>
        {
            await Answers.Of(engine, Request([i, 2, 3], 4), Cancellation);
            lock (order)
            {
                order.Add(i);
            }
        }).ToArray();
        foreach (var task in tasks)
        {
            permits.Release(3);
            await task.WaitAsync(Cancellation);
        }

        Assert.Equal(Enumerable.Range(0, 6), order);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_nobody_up()
    {
        await using var engine = Engine(new ScriptedBackend());
        await using var slow = engine.GenerateAsync(Request([1, 2, 3], 200), Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await slow.MoveNextAsync());

        Assert.Equal(50, (await Answers.Of(engine, Request([7, 8, 9], 50), Cancellation)).Usage.GeneratedTokens);
    }

    [Fact]
    public async Task A_failure_ends_the_requests_that_it_hit_and_no_others()
    {
        var backend = new ScriptedBackend();
        await using var engine = Engine(backend);
        backend.OnDecode = _ => throw new InvalidDataException("broken");
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Answers.Of(engine, Request([1, 2, 3], 9), Cancellation));
        Assert.Equal("broken", error.Message);

        backend.OnDecode = null;
        Assert.Equal(9, (await Answers.Of(engine, Request([1, 2, 3], 9), Cancellation)).Usage.GeneratedTokens);

        backend.OnPrefill = _ => throw new InvalidDataException("broken too");
        await Assert.ThrowsAsync<InvalidDataException>(() => engine.ScoreAsync(new[] { 4, 5, 6 }, new[] { 1 }, null, default, Cancellation));
    }

    [Fact]
    public async Task The_context_ends_a_sequence()
    {
        await using var engine = Engine(new ScriptedBackend { ContextLength = 32 });
        var answers = await Answers.Of(engine, Request([.. Enumerable.Range(0, 19)], 100), Cancellation);

        Assert.Equal(FinishReason.ContextFull, answers.Finished[0].Reason);
        Assert.Equal(32 - 19, answers.Finished[0].Tokens.Count);
    }

    [Fact]
    public async Task A_stop_string_ends_a_sequence_and_keeps_its_tokens()
    {
        await using var engine = Engine(new ScriptedBackend());
        var whole = (await Answers.Of(engine, Request([1, 2, 3], 20), Cancellation)).Finished[0];
        var stop = whole.Text[8..11];

        var request = Request([1, 2, 3], 20);
        var answers = await Answers.Of(engine, request with { Sampling = request.Sampling with { Stop = [stop] } }, Cancellation);

        var end = Assert.Single(answers.Finished);
        var at = whole.Text.IndexOf(stop, StringComparison.Ordinal);
        Assert.Equal((FinishReason.StopString, stop), (end.Reason, end.Stop));
        Assert.Equal(whole.Text[..at], end.Text);
        Assert.Equal(whole.Tokens.Take(at + 3), end.Tokens);
    }

    [Fact]
    public async Task Scores_are_log_softmax_of_the_logits_in_any_chunking()
    {
        await using var engine = Engine(new ScriptedBackend());
        for (var length = 1; length < 60; length += 7)
        {
            int[] path = [.. Enumerable.Range(0, length + 23).Select(i => i * i % 19)];
            var scores = await engine.ScoreAsync(path.AsMemory(0, length), path.AsMemory(length), null, default, Cancellation);

            Assert.Equal(23, scores.Length);
            for (var i = 0; i < scores.Length; i++)
            {
                var logits = ScriptedBackend.LogitsAfter(path[..(length + i)]);
                var expected = logits[path[length + i]] - Math.Log(logits.Sum(logit => Math.Exp(logit)));
                Assert.Equal(expected, scores[i], 1e-4);
            }
        }
    }

    [Fact]
    public async Task Disposing_ends_what_runs()
    {
        using var permits = new SemaphoreSlim(0);
        var backend = new ScriptedBackend { DecodePermits = permits };
        var engine = Engine(backend);
        var running = new TaskCompletionSource();
        backend.OnDecode = _ => running.TrySetResult();
        var request = Answers.Of(engine, Request([1, 2, 3], 200), Cancellation);
        permits.Release(1);
        await running.Task.WaitAsync(Cancellation);
        var dispose = engine.DisposeAsync();
        permits.Release(1000);
        await dispose;

        await Assert.ThrowsAsync<ObjectDisposedException>(() => request);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.ScoreAsync(new[] { 1 }, new[] { 2 }, null, default, Cancellation));
        Assert.True(backend.Disposed);
    }

    [Fact]
    public async Task Labels_are_log_softmax_at_their_positions_in_any_chunking()
    {
        await using var engine = Engine(new ScriptedBackend());
        int[] tokens = [.. Enumerable.Range(0, 90).Select(i => i * i % 19)];
        int[][] cases = [[89], [0], [3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [0, 17, 40, 41, 63], [.. Enumerable.Range(0, 90)]];
        foreach (var positions in cases)
        {
            var scores = await engine.ScoreLabelsAsync(tokens, positions, [2, 5, 2], null, default, Cancellation);

            Assert.Equal(positions.Length, scores.Length);
            for (var i = 0; i < positions.Length; i++)
            {
                var logits = ScriptedBackend.LogitsAfter(tokens[..(positions[i] + 1)]);
                var sum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
                Assert.Equal(3, scores[i].Length);
                Assert.Equal(logits[2] - sum, scores[i][0], 1e-4);
                Assert.Equal(logits[5] - sum, scores[i][1], 1e-4);
                Assert.Equal(scores[i][0], scores[i][2]);
            }
        }
    }

    [Fact]
    public async Task What_follows_the_last_label_is_not_computed_and_what_is_before_the_first_is_cached()
    {
        var backend = new ScriptedBackend();
        await using var engine = Engine(backend);
        int[] tokens = [.. Enumerable.Range(0, 90).Select(i => i % 19)];
        await engine.ScoreLabelsAsync(tokens, [50, 60], [1], null, default, Cancellation);
        Assert.Equal(61, backend.Chunks.Sum());

        await engine.ScoreLabelsAsync(tokens, [50, 60], [1], null, default, Cancellation);
        Assert.Equal(61 + 11, backend.Chunks.Sum());
    }

    private static GenerationRequest Request(int[] prompt, int maxTokens = 5, int sequences = 1) => new()
    {
        Prompt = prompt,
        Sequences = sequences,
        Sampling = new SamplingOptions { MaxTokens = maxTokens },
    };

    private static InferenceEngine Engine(ScriptedBackend backend, long cacheBytes = 1 << 20, int queue = 100, bool endOfTurn = false) => new(
        backend,
        new ScriptedTokenizer(),
        endOfTurn ? [ScriptedTokenizer.EndOfTurn] : [],
        new EngineOptions { PrefixCacheBytes = cacheBytes, QueueLength = queue },
        TimeSpan.Zero);
}
