using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;
using O1Coder.Inference.Sampling;
using O1Coder.Inference.Sampling.Constraints;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>What all threads allocate on the managed heap while sequences grow. No other test runs meanwhile.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationTests
{
    private const string Name = "allocation";
    private const int Tokens = 200;

    // Every so many steps sequences lose as many tokens and take new pages for others.
    private const int Turn = 50;

    private static readonly SamplingOptions s_plain = new() { MaxTokens = Tokens };

    private static readonly SamplingOptions[] s_options =
    [
        s_plain,
        s_plain with { Temperature = 1 },
        s_plain with { Temperature = 0.8f, TopP = 0.95f },
        s_plain with { Temperature = 3, TopP = 0.999f },
        s_plain with { Temperature = 0.8f, TopK = 40, TopP = 0.9f, MinP = 0.01f },
        s_plain with { Temperature = 0.8f, MinP = 0.05f },
        s_plain with { Temperature = 1, TopLogProbabilities = 5 },
        s_plain with { Temperature = 1, Constraint = Constraint.FromRegex("((a|bc)[d-r]{1,3}|[e-h]+a?)*") },
        s_plain with { Temperature = 1, LogitBias = new Dictionary<int, float> { [3] = 1, [5] = -100 }, RepetitionPenalty = 1.1f },
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Steps_and_draws_allocate_nothing_in_the_steady_state(bool pagesTurnOver)
    {
        using var backend = TinyModels.Backend(
            TinyModels.Uneven, KernelPaths.Best, Precision.Fast, WeightPrecision.Int4, threads: 3, s_options.Length);
        var adapters = new[] { 8, 16 }.Select(rank => backend.Prepare(TinyQwen2.Adapter(TinyModels.Uneven, rank, seed: rank))).ToArray();
        var sampler = new Sampler(backend.VocabularySize);
        var tokenizer = new TinyTokenizer();
        var masks = new TokenMasks(s_options[7].Constraint!.Network, new VocabularyTrie(tokenizer, [0], backend.VocabularySize));
        Grow();

        // The test's own machinery may allocate beside it at times, a step in each of them.
        var least = Enumerable.Range(0, 5).Min(_ => Grow());
        Assert.Equal(0, least);

        long Grow()
        {
            KvSequence[] batch = [.. s_options.Select((_, i) => backend.Open(i < 2 ? null : adapters[i % 2]))];
            var randoms = s_options.Select((_, i) => new RandomStream(1, i)).ToArray();
            var biases = s_options.Select(options => options.LogitBias.ToArray()).ToArray();
            var seen = new SeenTokens(new SeenTokens([], backend.VocabularySize), Tokens);
            var cursor = new ConstraintCursor(new ConstraintCursor(masks), 8 * Tokens);
            var tokens = TinyModels.Text(batch.Length, seed: 1);
            backend.Decode(batch, tokens);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var step = 1; step <= Tokens; step++)
            {
                backend.Decode(batch, tokens);
                for (var i = 0; i < batch.Length; i++)
                {
                    tokens[i] = sampler.Draw(backend.Logits(batch[i]), s_options[i], ref randoms[i], new LogitChanges
                    {
                        Bias = biases[i],
                        Seen = s_options[i].RepetitionPenalty == 1 ? [] : seen.Tokens,
                        Allowed = s_options[i].Constraint is null ? [] : cursor.Allowed(),
                    }).Token;
                    if (s_options[i].TopLogProbabilities != sampler.Likeliest.Length)
                    {
                        throw new InvalidOperationException("the likeliest tokens are missing");
                    }
                }

                // A turn that ends goes on with an a, so that the constraint is always at work.
                tokens[7] = tokens[7] == 0 ? 'a' - ' ' : tokens[7];
                cursor.TryAdvance(tokenizer.TokenBytes(tokens[7]).Span);
                seen.Add(tokens[8]);
                if (pagesTurnOver && step % Turn == 0)
                {
                    foreach (var sequence in batch)
                    {
                        backend.Truncate(sequence, sequence.Length - Turn);
                    }
                }
            }

            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            Array.ForEach(batch, backend.Close);
            return allocated;
        }
    }
}
