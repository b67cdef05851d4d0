namespace O1Coder.Inference.Tests;

/// <summary>
/// Tokens that searches make the engine prefill, against what they cost at least. A search takes a path of its tree, has it
/// continued in some ways, and goes on from each answer with a few tokens more.
/// </summary>
public sealed class PrefixCacheSearchTests
{
    private const int Vocabulary = 200;
    private const int Answer = 30;

    // Tokens that are forgotten at once.
    private const int Block = 16;

    // Beyond this many tokens a trace is held whole.
    private const int Everything = 1 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public enum Order
    {
        BreadthFirst,
        DepthFirst,
        AtRandom,
    }

    [Theory]
    [InlineData(Order.BreadthFirst, 1, 4, 24, true)]
    [InlineData(Order.DepthFirst, 8, 4, 6, true)]
    [InlineData(Order.AtRandom, 3, 3, 16, true)]
    [InlineData(Order.AtRandom, 3, 3, 16, false)]
    [InlineData(Order.DepthFirst, 4, 1, 12, true)]
    [InlineData(Order.DepthFirst, 2, 2, 12, false)]
    public async Task With_room_for_all_every_token_is_computed_once(Order order, int searches, int children, int steps, bool decodesAsPrefills)
    {
        var trace = new Trace(order, searches, children, steps, decodesAsPrefills);
        await trace.InTurnAsync(Everything, Cancellation);
        Assert.InRange(trace.Prefilled, 1, 1.02 * trace.Optimum.Prefilled(Everything, Trace.Least));
    }

    // Children are asked for one by one and all at once, as soon as their parents have been answered.
    [Theory]
    [InlineData(Order.BreadthFirst, 8, 4, 6, true)]
    [InlineData(Order.DepthFirst, 8, 4, 6, true)]
    [InlineData(Order.AtRandom, 5, 3, 10, true)]
    [InlineData(Order.AtRandom, 5, 3, 10, false)]
    public async Task That_holds_when_searches_and_children_run_at_once(Order order, int searches, int children, int steps, bool decodesAsPrefills)
    {
        var trace = new Trace(order, searches, children, steps, decodesAsPrefills);
        await trace.AtOnceAsync(Everything, Cancellation);
        Assert.InRange(trace.Prefilled, 1, 1.02 * trace.Optimum.Prefilled(Everything, Trace.Least));
    }

    // Which tokens to forget is known only afterwards. Where the least recently used ones may be forgotten without loss, nothing
    // is lost; with less room, hardly more than if tokens were forgotten one by one. Blocks are forgotten whole, so it takes
    // one more than that.
    [Theory]
    [InlineData(Order.BreadthFirst, 2, 3, 12)]
    [InlineData(Order.DepthFirst, 6, 4, 6)]
    [InlineData(Order.AtRandom, 3, 3, 14)]
    [InlineData(Order.DepthFirst, 4, 1, 14)]
    public async Task With_little_room_as_little_is_computed_as_recency_allows(Order order, int searches, int children, int steps)
    {
        var whole = new Trace(order, searches, children, steps, decodesAsPrefills: true);
        await whole.InTurnAsync(Everything, Cancellation);
        var least = whole.Optimum.Prefilled(Everything, Trace.Least);
        var enough = whole.Optimum.Sufficient(Trace.Least);
        Assert.InRange(enough, 200, whole.Optimum.Distinct - 1);
        foreach (var share in new[] { 1, 0.8, 0.5, 0.3 })
        {
            var trace = new Trace(order, searches, children, steps, decodesAsPrefills: true);
            var room = (int)(enough * share);
            await trace.InTurnAsync((int)(1.02 * room) + Block, Cancellation);
            var recency = trace.Optimum.PrefilledByLeastRecentlyUsed(room, Trace.Least);
            var oracle = trace.Optimum.Prefilled(room, Trace.Least);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{order}, {searches} searches, {children} children: room for {room} tokens, {trace.Prefilled} of {trace.Optimum.Requested} prefilled; token by token {recency}, by an oracle {oracle}");
            Assert.InRange(trace.Prefilled, least, 1.02 * recency);
            Assert.True(share < 1 || recency == least, $"{recency} of {least}");
        }
    }

    private sealed class Trace(Order order, int searches, int children, int steps, bool decodesAsPrefills)
    {
        /// <summary>Tokens that a request prefills even if all are known.</summary>
        public const int Least = 2;

        private readonly Lock _gate = new();
        private long _prefilled;

        public PrefixOptimum Optimum { get; } = new();

        public long Prefilled => Interlocked.Read(ref _prefilled);

        /// <summary>One request after another, searches in turn, all children of a path in one request.</summary>
        public async Task InTurnAsync(int room, CancellationToken cancellationToken)
        {
            await using var engine = Engine(room);
            var open = Searches();
            for (var step = 0; step < steps; step++)
            {
                foreach (var search in open)
                {
                    var path = search.Next();
                    await AskAsync(engine, search, path, children, step, cancellationToken);
                }
            }
        }

        /// <summary>All searches at once, every child a request of its own.</summary>
        public async Task AtOnceAsync(int room, CancellationToken cancellationToken)
        {
            await using var engine = Engine(room);
            await Task.WhenAll(Searches().Select(async search =>
            {
                for (var step = 0; step < steps; step++)
                {
                    var path = search.Next();
                    await Task.WhenAll(Enumerable.Range(0, children).Select(child =>
                        AskAsync(engine, search, path, 1, (step * children) + child, cancellationToken)));
                }
            }));
        }

        private async Task AskAsync(IInferenceEngine engine, Search search, int[] path, int sequences, int seed, CancellationToken cancellationToken)
        {
            var answers = await Answers.Of(
                engine,
                new GenerationRequest
                {
                    Prompt = path,
                    Sequences = sequences,
                    Sampling = new SamplingOptions { MaxTokens = Answer, Temperature = 1.5f, Seed = (ulong)seed },
                },
                cancellationToken);
            lock (_gate)
            {
                // The last token of an answer was drawn and not computed.
                Optimum.Add(path, decodesAsPrefills
                    ? answers.Finished.Select(end => (int[])[.. path, .. end.Tokens.Take(end.Tokens.Count - 1)])
                    : []);
                search.Add(path, answers.Finished);
            }
        }

        private InferenceEngine Engine(int room) => new(
            new ScriptedBackend
            {
                VocabularySize = Vocabulary,
                ContextLength = 2048,
                MaxSequences = 16,
                DecodesAsPrefills = decodesAsPrefills,
                OnPrefill = tokens => Interlocked.Add(ref _prefilled, tokens),
            },
            new ByteTokenizer(),
            [],
            new EngineOptions { PrefixCacheBytes = (long)room * sizeof(int), Threads = 1 },
            TimeSpan.Zero);

        // Prompts begin alike, as they do where all are told the same.
        private Search[] Searches()
        {
            var random = new Random(1);
            int[] system = [.. Tokens(random, 100)];
            return [.. Enumerable.Range(0, searches).Select(i => new Search(order, [.. system, .. Tokens(random, 100)], new Random(i)))];
        }
    }

    private sealed class Search(Order order, int[] prompt, Random random)
    {
        private readonly List<int[]> _open = [prompt];

        public int[] Next()
        {
            var at = order switch
            {
                Order.BreadthFirst => 0,
                Order.DepthFirst => _open.Count - 1,
                _ => random.Next(_open.Count),
            };
            var path = _open[at];
            _open.RemoveAt(at);
            return path;
        }

        public void Add(int[] path, IReadOnlyList<SequenceFinished> answers)
        {
            foreach (var end in answers)
            {
                _open.Add([.. path, .. end.Tokens, .. Tokens(random, 6)]);
            }
        }
    }

    private static IEnumerable<int> Tokens(Random random, int count) => Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary));
}
