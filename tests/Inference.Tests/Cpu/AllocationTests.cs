using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;
using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>What all threads allocate on the managed heap while sequences grow. No other test runs meanwhile.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationTests
{
    private const string Name = "allocation";
    private const int Sequences = 6;
    private const int Tokens = 200;

    [Fact]
    public void Steps_and_draws_allocate_nothing_in_the_steady_state()
    {
        using var backend = TinyModels.Backend(TinyModels.Uneven, KernelPaths.Best, Precision.Fast, WeightPrecision.Int4, threads: 3, Sequences);
        var adapters = new[] { 8, 16 }.Select(rank => backend.Prepare(TinyQwen2.Adapter(TinyModels.Uneven, rank, seed: rank))).ToArray();
        var sampler = new Sampler(backend.VocabularySize);
        SamplingOptions[] options =
        [
            new() { MaxTokens = Tokens },
            new() { MaxTokens = Tokens, Temperature = 1 },
            new() { MaxTokens = Tokens, Temperature = 0.8f, TopP = 0.95f },
            new() { MaxTokens = Tokens, Temperature = 3, TopP = 0.999f },
            new() { MaxTokens = Tokens, Temperature = 0.8f, TopK = 40, TopP = 0.9f, MinP = 0.01f },
            new() { MaxTokens = Tokens, Temperature = 0.8f, MinP = 0.05f },
        ];
        Grow();

        // The test's own machinery may allocate beside it at times, a step in each of them.
        var least = Enumerable.Range(0, 5).Min(_ => Grow());
        Assert.Equal(0, least);

        long Grow()
        {
            KvSequence[] batch = [.. Enumerable.Range(0, Sequences).Select(i => backend.Open(i < 2 ? null : adapters[i % 2]))];
            var randoms = Enumerable.Range(0, Sequences).Select(i => new RandomStream(1, i)).ToArray();
            var tokens = TinyModels.Text(Sequences, seed: 1);
            backend.Decode(batch, tokens);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var step = 0; step < Tokens; step++)
            {
                backend.Decode(batch, tokens);
                for (var i = 0; i < Sequences; i++)
                {
                    tokens[i] = sampler.Draw(backend.Logits(batch[i]), options[i], ref randoms[i]).Token;
                }
            }

            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            Array.ForEach(batch, backend.Close);
            return allocated;
        }
    }
}
