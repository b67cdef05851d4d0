namespace O1Coder.Inference.Tests;

/// <summary>The queue as the engine uses it: who starts when, what is computed for it, and how often.</summary>
public sealed class PriorityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_highest_priority_starts_first_and_callers_take_turns(int prompts)
    {
        var order = new List<int>();
        using var permits = new SemaphoreSlim(0);
        var backend = new ScriptedBackend { MaxSequences = 1, MaxPrompts = prompts, DecodePermits = permits };
        backend.OnStep = parts => Note(backend, parts, order);
        await using var engine = Engine(backend);
        var tasks = new List<Task>();
        await Hold(backend, () => tasks.Add(Run(engine, 0, default)));
        (int First, QueueTicket Ticket)[] asked =
        [
            (1, new(RequestPriority.Low, "x")), (2, new(RequestPriority.Normal, "a")), (3, new(RequestPriority.Normal, "a")),
            (4, new(RequestPriority.Normal, "b")), (5, new(RequestPriority.High, "a")), (6, new(RequestPriority.Normal, "c")),
        ];
        foreach (var (first, ticket) in asked)
        {
            tasks.Add(Run(engine, first, ticket));
        }

        permits.Release(1000);
        await Task.WhenAll(tasks);
        Assert.Equal([0, 5, 2, 4, 6, 3, 1], order);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_request_of_many_sequences_lets_others_start_between_them(int prompts)
    {
        using var permits = new SemaphoreSlim(0);
        var backend = new ScriptedBackend { MaxSequences = 2, MaxPrompts = prompts, DecodePermits = permits };
        await using var engine = Engine(backend);
        Task<Answers>? many = null;
        await Hold(backend, () => many = Run(engine, 1, new(RequestPriority.Normal, "a"), sequences: 40));
        var others = Enumerable.Range(2, 8).Select(i => Run(engine, i, new(RequestPriority.Normal, $"{i}"))).ToArray();

        // A sequence takes two steps, so 40 in two places take 40: those of the others do not wait for that.
        permits.Release(30);
        await Task.WhenAll(others);
        permits.Release(1000);
        var answers = await Task.WhenAll(others.Append(many!));
        Assert.Equal(40 + 8, answers.Sum(one => one.Finished.Count));

        // Parked or not, a prompt is computed once, but for the token whose logits were not kept.
        Assert.InRange(backend.Chunks.Sum(), 9 * Length, (9 * Length) + (prompts == 1 ? 40 * backend.MinChunk : 0));
    }

    [Fact]
    public async Task What_waiting_prompts_share_is_computed_once()
    {
        var backend = new ScriptedBackend { MaxSequences = 4 };
        await using var engine = Engine(backend);
        int[] shared = [.. Enumerable.Range(0, 100).Select(i => i * i % 19)];
        using var hold = new ManualResetEventSlim();
        backend.OnPrefill = _ => hold.Wait(Cancellation);

        // A search's children, and among them one that goes before the others while a prompt is half prefilled.
        var tasks = Enumerable.Range(0, 6).Select(i => Answers.Of(engine, new GenerationRequest
        {
            Prompt = (int[])[.. shared, i, 1, 2, 3],
            Ticket = new(i == 5 ? RequestPriority.High : RequestPriority.Normal, ""),
            Sampling = new SamplingOptions { MaxTokens = 5 },
        }, Cancellation)).ToArray();
        hold.Set();
        await Task.WhenAll(tasks);
        Assert.Equal(shared.Length + (6 * 4), backend.Chunks.Sum());
    }

    [Fact]
    public async Task Decoding_waits_for_one_chunk_at_most()
    {
        using var permits = new SemaphoreSlim(0);
        var backend = new ScriptedBackend { MaxSequences = 2, DecodePermits = permits };
        await using var engine = Engine(backend);
        var steps = new List<(int Forks, int Prompt)>();
        backend.OnStep = parts => steps.Add((parts.Count(part => !backend.IsPrompt(part)), parts.Count(backend.IsPrompt)));
        Task? running = null;
        await Hold(backend, () => running = Answers.Of(engine, Request(1, sequences: 1, tokens: 150), Cancellation));
        var score = engine.ScoreAsync(Enumerable.Range(0, 200).Select(i => i % 19).ToArray(), new[] { 3, 4 }, null, default, Cancellation);
        permits.Release(1000);
        await score;
        await running!;

        // Each step that took a chunk took a token of the running sequence too.
        var mixed = steps.SkipWhile(step => step.Forks == 0).Where(step => step.Prompt > 0).ToArray();
        Assert.InRange(mixed.Length, 200 / backend.MaxChunk, 20);
        Assert.All(mixed, step => Assert.Equal(1, step.Forks));
    }

    [Fact]
    public async Task A_prompt_that_made_room_answers_as_if_it_had_not()
    {
        int[] prompt = [.. Enumerable.Range(0, 90).Select(i => i * 7 % 19)];
        var request = new GenerationRequest
        {
            Prompt = prompt,
            ForcedPrefix = new[] { 3, 1, 4, 1, 5 },
            Sequences = 3,
            Sampling = new SamplingOptions { MaxTokens = 12, Temperature = 1, TopLogProbabilities = 2, Seed = 5 },
        };
        await using var alone = Engine(new ScriptedBackend());
        var expected = await Answers.Of(alone, request, Cancellation);

        for (var after = 1; after <= 5; after++)
        {
            var backend = new ScriptedBackend { MaxPrompts = 1, MaxSequences = 1 };
            await using var engine = Engine(backend);
            var chunks = 0;
            Task? urgent = null;
            backend.OnPrefill = _ =>
            {
                if (++chunks == after)
                {
                    urgent = engine.ScoreAsync(new[] { 1, 2, 3 }, new[] { 4 }, null, new(RequestPriority.High, "u"), Cancellation);
                }
            };
            var actual = await Answers.Of(engine, request, Cancellation);
            await urgent!;
            Assert.Equal(expected.Exact, actual.Exact);
            Assert.Equal(Likeliest(expected), Likeliest(actual));
        }
    }

    [Fact]
    public async Task Two_hundred_clients_are_answered_or_told_when_to_come_back()
    {
        var backend = new ScriptedBackend { MaxSequences = 16 };
        await using var engine = Engine(backend, queue: 24);
        var told = 0;
        var answered = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            while (true)
            {
                try
                {
                    return (await Answers.Of(engine, Request(i % 19, sequences: 1 + (i % 3), tokens: 8), Cancellation)).Finished.Count;
                }
                catch (EngineBusyException busy)
                {
                    Interlocked.Increment(ref told);
                    Assert.InRange(busy.RetryAfter, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
                    await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(50, busy.RetryAfter.TotalMilliseconds)), Cancellation);
                }
            }
        }));

        Assert.Equal(Enumerable.Range(0, 200).Sum(i => 1 + (i % 3)), answered.Sum());
        Assert.InRange(told, 1, int.MaxValue);
        Assert.InRange(backend.Batches.Max(), 2, 16);
    }

    private const int Length = 30;

    private static Task<Answers> Run(InferenceEngine engine, int first, QueueTicket ticket, int sequences = 1) =>
        Answers.Of(engine, Request(first, sequences, 3) with { Ticket = ticket }, Cancellation);

    private static GenerationRequest Request(int first, int sequences, int tokens) => new()
    {
        Prompt = (int[])[first, .. Enumerable.Range(0, Length - 1).Select(i => i * i % 19)],
        Sequences = sequences,
        Sampling = new SamplingOptions { MaxTokens = tokens },
    };

    private static IEnumerable<TokenLogProbability> Likeliest(Answers answers) =>
        answers.Chunks.OrderBy(chunk => chunk.Sequence).SelectMany(chunk => chunk.TopLogProbabilities).SelectMany(row => row);

    // Which request's sequences were decoded, in the order in which they began.
    private static void Note(ScriptedBackend backend, IReadOnlyList<Backends.KvSequence> parts, List<int> order)
    {
        foreach (var part in parts.Where(part => !backend.IsPrompt(part)))
        {
            var first = backend.TokensOf(part)[0];
            if (!order.Contains(first))
            {
                order.Add(first);
            }
        }
    }

    // Returns when what was asked for has begun to decode, and is held there by its permits.
    private static async Task Hold(ScriptedBackend backend, Action ask)
    {
        var begun = new TaskCompletionSource();
        backend.OnDecodeWaits = () => begun.TrySetResult();
        ask();
        await begun.Task.WaitAsync(Cancellation);
        backend.OnDecodeWaits = null;
    }

    private static InferenceEngine Engine(ScriptedBackend backend, int queue = 100) => new(
        backend, new ScriptedTokenizer(), [], new EngineOptions { PrefixCacheBytes = 1 << 20, QueueLength = queue }, TimeSpan.Zero);
}
