using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;
using O1Coder.Inference.Onnx;
using O1Coder.Inference.Tests.Cpu;

namespace O1Coder.Inference.Tests.Onnx;

/// <summary>Steps of many parts: results come where they were asked for, hidden states with or without logits.</summary>
public sealed class OnnxBackendStepTests
{
    [Theory]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void A_step_of_a_chunk_and_forks_of_two_adapters_gives_what_the_other_back_end_gives(string architecture)
    {
        var model = TinyArchitectures.Of(architecture);
        using var weights = new RandomWeights(model, seed: 1);
        using var graph = new OnnxBackend(
            weights, Precision.Exact, WeightPrecision.AsStored, GraphDevice.Cpu, threads: 2, maxSequences: 4, contextLength: 128);
        using var kernels = new CpuBackend(
            weights, Precision.Exact, WeightPrecision.AsStored, KernelPaths.Best, threads: 2, maxSequences: 4, contextLength: 128);

        var (graphLogits, graphHidden) = Mixed(graph);
        var (logits, hidden) = Mixed(kernels);

        Assert.Equal(model.HiddenSize, graph.HiddenSize);
        Assert.Equal(logits.Length, graphLogits.Length);
        Assert.Equal(hidden.Length, graphHidden.Length);
        for (var row = 0; row < logits.Length; row++)
        {
            Assert.InRange(Largest(logits[row], graphLogits[row]), 0, 2e-4);
        }

        for (var row = 0; row < hidden.Length; row++)
        {
            Assert.InRange(Largest(hidden[row], graphHidden[row]), 0, 1e-4);
        }

        // A hidden state is what the head makes logits of: rows 0 and 1 are wanted as both.
        var head = weights.Read("model.embed_tokens.weight");
        for (var row = 0; row < 2; row++)
        {
            var product = Enumerable.Range(0, model.VocabularySize).Select(token => (float)Enumerable.Range(0, model.HiddenSize)
                .Sum(i => (double)head[(token * model.HiddenSize) + i] * graphHidden[row][i])).ToArray();
            Assert.InRange(Largest(product, graphLogits[row]), 0, 1e-4);
        }

        (float[][] Logits, float[][] Hidden) Mixed(IBackend backend)
        {
            var adapter = backend.Prepare(TinyQwen2.Adapter(model, 5, seed: 3));
            var forks = new List<KvSequence>();
            foreach (var (prepared, length) in new[] { (null, 9), (adapter, 14), (null, 17) })
            {
                var filled = backend.Open(prepared);
                backend.Prefill(filled, TinyModels.Text(length, seed: length), []);
                forks.Add(backend.Fork(filled));
                backend.Close(filled);
            }

            // Tokens 0 to 4 are a chunk of a prompt, 5 to 7 one of each fork, parts in no order of rows.
            var prompt = backend.Open(adapter);
            backend.Prefill(prompt, TinyModels.Text(6, seed: 6), []);
            StepPart[] parts = [new(forks[2], 5, 1), new(prompt, 0, 5), new(forks[1], 6, 1), new(forks[0], 7, 1)];
            var tokens = TinyModels.Text(8, seed: 8);
            int[] logitRows = [6, 4, 7, 5, 1];
            int[] hiddenRows = [6, 4, 0, 1, 2, 3, 5, 7];
            var first = backend.Step(parts, tokens, logitRows, hiddenRows)[..model.VocabularySize].ToArray();
            float[][] all = [.. logitRows.Select((_, row) => backend.Logits(row).ToArray())];
            Assert.Equal(all[0], first);
            Assert.Equal([18, 11, 15, 10], parts.Select(part => part.Sequence.Length));

            // Hidden states alone, of a chunk and then of a fork alone: no logits are computed.
            float[][] hidden = [.. hiddenRows.Select((_, row) => backend.Hidden(row).ToArray())];
            backend.Step([new(prompt, 0, 3)], [4, 5, 6], [], [0, 2]);
            hidden = [.. hidden, backend.Hidden(0).ToArray(), backend.Hidden(1).ToArray()];
            backend.Step([new(forks[1], 0, 1)], [7], [], [0]);
            return (all, [.. hidden, backend.Hidden(0).ToArray()]);
        }
    }

    // A guess that was wrong, and a step that failed: the sequence is cut and goes on.
    [Fact]
    public void A_sequence_that_was_cut_goes_on_as_if_nothing_had_been()
    {
        using var weights = new RandomWeights(TinyArchitectures.Of("qwen2"), seed: 1);
        using var backend = new OnnxBackend(
            weights, Precision.Exact, WeightPrecision.AsStored, GraphDevice.Cpu, threads: 1, maxSequences: 2, contextLength: 128);
        var text = TinyModels.Text(30, seed: 2);
        var prompt = backend.Open(null);
        var expected = backend.Prefill(prompt, text, [29]).ToArray();
        backend.Truncate(prompt, 11);
        backend.Prefill(prompt, TinyModels.Text(5, seed: 3), []);
        backend.Truncate(prompt, 10);

        Assert.Equal(expected, backend.Prefill(prompt, text.AsSpan(10), [19]).ToArray());
    }

    private static double Largest(float[] left, float[] right) => left.Zip(right).Max(pair => Math.Abs(pair.First - pair.Second));
}
