using O1Coder.Inference.Caching;

namespace O1Coder.Inference.Tests;

/// <summary>Tokens that searches make the engine prefill, against what they cost at least.</summary>
public sealed class PrefixCacheSearchTests
{
    private const int Vocabulary = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public enum Order
    {
        BreadthFirst,
        DepthFirst,
        AtRandom,
    }

    [Fact]
    public async Task Explore()
    {
        foreach (var order in Enum.GetValues<Order>())
        {
            foreach (var (problems, children, nodes) in new[] { (1, 4, 24), (8, 4, 24), (1, 2, 60), (4, 1, 20) })
            {
                var unbounded = await SearchAsync(order, problems, children, nodes, long.MaxValue, 1);
                var working = unbounded.Optimum.WorkingSet();
                var line = $"{order} {problems}x{children}x{nodes}: requested {unbounded.Optimum.Requested} distinct {unbounded.Optimum.Distinct} working {working} unbounded {unbounded.Prefilled} / {unbounded.Optimum.Prefilled(int.MaxValue, 2)}";
                foreach (var factor in new[] { 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3 })
                {
                    var capacity = (int)(working * factor);
                    var run = await SearchAsync(order, problems, children, nodes, capacity * sizeof(int), 1);
                    line += $" | {factor}: {run.Prefilled / (double)run.Optimum.Prefilled(capacity, 2):f3}";
                }

                TestContext.Current.TestOutputHelper!.WriteLine(line);
            }
        }
    }

    private static async Task<(long Prefilled, PrefixOptimum Optimum)> SearchAsync(
        Order order, int problems, int children, int nodes, long bytes, int seed)
    {
        var backend = new ScriptedBackend { VocabularySize = Vocabulary, ContextLength = 4096, MaxSequences = 16 };
        await using var engine = new InferenceEngine(
            backend, new ScriptedTokenizer(), [], new EngineOptions { PrefixCacheBytes = bytes, Threads = 1 }, TimeSpan.Zero);
        var optimum = new PrefixOptimum();
        var random = new Random(seed);
        int[] system = [.. Tokens(random, 100)];
        var open = Enumerable.Range(0, problems).Select(_ => (List<int[]>)[[.. system, .. Tokens(random, 100)]]).ToArray();
        for (var i = 0; i < problems * nodes; i++)
        {
            // Searches take turns, as when several run at once.
            var frontier = open[i % problems];
            var at = order switch
            {
                Order.BreadthFirst => 0,
                Order.DepthFirst => frontier.Count - 1,
                _ => random.Next(frontier.Count),
            };
            var path = frontier[at];
            frontier.RemoveAt(at);
            var answers = await Answers.Of(
                engine,
                new GenerationRequest
                {
                    Prompt = path,
                    Sequences = children,
                    Sampling = new SamplingOptions { MaxTokens = 30, Temperature = 1.5f, Seed = (ulong)i },
                },
                Cancellation);
            optimum.Add(path, answers.Finished.Select(end => (int[])[.. path, .. end.Tokens.Take(end.Tokens.Count - 1)]));
            foreach (var end in answers.Finished)
            {
                frontier.Add([.. path, .. end.Tokens, .. Tokens(random, 6)]);
            }
        }

        return (backend.Chunks.Sum(), optimum);
    }

    private static IEnumerable<int> Tokens(Random random, int count) => Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary));
}
