using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;
using O1Coder.Inference.Onnx;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>The decoder against the reference in doubles and against ONNX Runtime; its limits and its memory.</summary>
public sealed class CpuBackendTests
{
    public static TheoryData<string, string> Models
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var path in KernelPaths.Runnable)
            {
                foreach (var model in new[] { "uneven", "normed", "multihead", "windowed" })
                {
                    cases.Add(model, $"{path}");
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Agrees_with_the_reference(string model, string path)
    {
        using var weights = new RandomWeights(Named(model), seed: 1);
        using var backend = new CpuBackend(
            weights, Precision.Exact, WeightPrecision.Float32, Enum.Parse<KernelPath>(path), threads: 2, maxSequences: 2, contextLength: 256);
        Assert.Equal(("float32", $"cpu/{(path == nameof(KernelPath.Avx512Vnni) ? "avx512-vnni" : path.ToLowerInvariant())}"), (backend.Precision, backend.Name));
        var tokens = TinyModels.Text(90, seed: 2);

        var expected = new ReferenceModel(weights, null).LogProbabilities(tokens);
        var actual = Read(backend, null, tokens);

        TestContext.Current.SendDiagnosticMessage($"{model}, {path}: mean |Δ| {Mean(expected, actual):e1}");
        Assert.InRange(Mean(expected, actual), 0, 1e-5);
    }

    [Theory]
    [InlineData(1, "all")]
    [InlineData(8, "all")]
    [InlineData(20, "all")]
    [InlineData(64, "all")]
    [InlineData(3, "some")]
    [InlineData(16, "one")]
    public void Adapters_agree_with_the_merged_weights(int rank, string which)
    {
        using var weights = new RandomWeights(TinyModels.Uneven, seed: 1);
        var adapter = TinyQwen2.Adapter(TinyModels.Uneven, rank, seed: rank, has: which switch
        {
            "some" => key => (key.Layer + (int)key.Projection) % 2 == 0,
            "one" => key => key == new LoraKey(1, Projection.Up),
            _ => null,
        });
        using var backend = TinyModels.Backend(TinyModels.Uneven, KernelPaths.Best);
        var prepared = backend.Prepare(adapter);
        var tokens = TinyModels.Text(90, seed: rank);

        var expected = new ReferenceModel(weights, adapter).LogProbabilities(tokens);
        var plain = Read(backend, null, tokens);
        var actual = Read(backend, prepared, tokens);

        TestContext.Current.SendDiagnosticMessage($"rank {rank}, {which}: mean |Δ| {Mean(expected, actual):e1}, by the adapter {Mean(plain, actual):e1}");
        Assert.InRange(Mean(expected, actual), 0, 1e-5);
        Assert.InRange(Mean(plain, actual), 0.01, 100);
    }

    [Theory]
    [InlineData(Precision.Exact, 1e-5)]
    [InlineData(Precision.Fast, 0.05)]
    public void Agrees_with_the_graph_on_stored_4_bit_weights(Precision precision, double most)
    {
        var path = Path.Combine(Path.GetTempPath(), $"o1coder-{Guid.NewGuid():n}.gguf");
        File.WriteAllBytes(path, TinyQwen2.Writer().ToBytes());
        try
        {
            using var file = GgufFile.Open(path);
            using var weights = new GgufWeights(file, leaveOpen: true);
            using var graph = new OnnxBackend(
                weights, precision, WeightPrecision.AsStored, GraphDevice.Cpu, threads: 1, maxSequences: 2, contextLength: 256);
            using var backend = new CpuBackend(
                weights, precision, WeightPrecision.AsStored, KernelPaths.Best, threads: 2, maxSequences: 2, contextLength: 256);
            Assert.Equal(graph.Precision, backend.Precision);
            int[] tokens = [.. TinyModels.Text(90, seed: 4).Select(token => token % TinyQwen2.Vocabulary)];
            var adapter = TinyQwen2.Adapter(TinyQwen2.Description, 12, seed: 3);

            foreach (var given in new[] { null, adapter })
            {
                var (left, right) = (given is null ? null : graph.Prepare(given), given is null ? null : backend.Prepare(given));
                var difference = Mean(Read(graph, left, tokens), Read(backend, right, tokens));
                TestContext.Current.SendDiagnosticMessage($"{precision}: mean |Δ| {difference:e1}");
                Assert.InRange(difference, 0, most);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void An_adapter_whose_B_is_0_changes_no_bit_and_another_models_is_refused()
    {
        using var backend = TinyModels.Backend(TinyModels.Uneven, KernelPaths.Best, Precision.Fast, WeightPrecision.Int4);
        var nothing = backend.Prepare(TinyQwen2.Adapter(TinyModels.Uneven, 8, seed: 1, size: 0));
        var tokens = TinyModels.Text(60, seed: 5);
        Assert.Equal(Read(backend, null, tokens).SelectMany(row => row), Read(backend, nothing, tokens).SelectMany(row => row));
        backend.Release(nothing);
        Assert.True(((LoraImage)nothing).IsDisposed);

        Assert.Contains("layer 2: expected 0 to 1", Refused(TinyModels.Uneven with { Layers = 3 }), StringComparison.Ordinal);
        Assert.Contains(
            "layer 0, Gate, have 384 and 512 numbers: expected rank 4 times 96 and 160",
            Refused(TinyModels.Uneven with { FeedForwardSize = 128 }),
            StringComparison.Ordinal);

        string Refused(ModelDescription other) => Assert.Throws<ArgumentException>(
            () => backend.Prepare(TinyQwen2.Adapter(other, 4, seed: 1, has: key => key.Layer == 2 || key.Projection == Projection.Gate))).Message;
    }

    [Fact]
    public void Disposing_frees_adapters_and_takes_no_more()
    {
        var backend = TinyModels.Backend(TinyModels.Uneven, KernelPaths.Best);
        var adapter = TinyQwen2.Adapter(TinyModels.Uneven, 4, seed: 1);
        var prepared = (LoraImage)backend.Prepare(adapter);
        Assert.InRange(backend.AdapterBytes(adapter), adapter.Bytes, adapter.Bytes * 11 / 10);
        backend.Open(prepared);
        backend.Dispose();
        Assert.True(prepared.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => backend.Prepare(adapter));
    }

    [Fact]
    public void A_sequence_fills_the_context_and_not_more()
    {
        const int Context = 50;
        using var backend = TinyModels.Backend(TinyModels.Uneven, KernelPaths.Best, contextLength: Context);
        var tokens = TinyModels.Text(Context, seed: 6);
        var sequence = (PagedSequence)backend.Open(null);
        backend.Prefill(sequence, tokens.AsSpan(0, Context - 1), []);
        var fork = (PagedSequence)backend.Fork(sequence);
        backend.Decode([fork], tokens.AsSpan(Context - 1));
        Assert.Equal(Context, fork.Length);
        var before = backend.PagesHeld;

        Assert.Contains(
            "makes a sequence of 51 tokens: expected at most 50",
            Assert.Throws<ArgumentException>(() => backend.Decode([fork], [1])).Message,
            StringComparison.Ordinal);
        Assert.Equal((Context, before), (fork.Length, backend.PagesHeld));
        var last = backend.Prefill(sequence, tokens.AsSpan(Context - 1), [0]).ToArray();
        Assert.Equal(Read(backend, null, tokens)[^1], LogProbabilities(last));
        backend.Close(sequence);
        backend.Close(fork);
        backend.Close(fork);
        Assert.Equal(0, backend.PagesHeld);
    }

    [Fact]
    public void A_step_that_does_not_fit_together_is_refused()
    {
        using var backend = TinyModels.Backend(TinyModels.Uneven, KernelPaths.Best);
        var sequence = (PagedSequence)backend.Open(null);
        var other = (PagedSequence)backend.Open(null);
        Refused("are of one sequence", [new StepPart(sequence, 0, 2), new StepPart(sequence, 2, 2)], 4);
        Refused("part 1 has 0 tokens", [new StepPart(sequence, 0, 4), new StepPart(other, 4, 0)], 4);
        Refused("part 0 has 5 tokens from 0 on", [new StepPart(sequence, 0, 5)], 4);
        Refused("the parts have 3 tokens: expected all 4", [new StepPart(sequence, 0, 3)], 4);
        Refused("the step has 135 tokens", [new StepPart(sequence, 0, 135)], 135);

        void Refused(string message, StepPart[] parts, int tokens) => Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => backend.Step(parts, new int[tokens], [])).Message, StringComparison.Ordinal);
    }

    // Pages come from the free list here: a sequence that ended left them.
    [Fact]
    public void Decoding_allocates_nothing_on_the_managed_heap()
    {
        using var backend = TinyModels.Backend(TinyModels.Uneven, KernelPaths.Best, Precision.Fast, WeightPrecision.Int4, threads: 1);
        var adapter = backend.Prepare(TinyQwen2.Adapter(TinyModels.Uneven, 8, seed: 1));
        var tokens = TinyModels.Text(3, seed: 7);
        Decode(100);
        Assert.Equal(0, Decode(100));

        long Decode(int steps)
        {
            KvSequence[] batch = [backend.Open(null), backend.Open(adapter), backend.Open(null)];
            backend.Decode(batch, tokens);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var step = 0; step < steps; step++)
            {
                backend.Decode(batch, tokens);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            foreach (var sequence in batch)
            {
                backend.Close(sequence);
            }

            return allocated;
        }
    }

    private static ModelDescription Named(string model) => model switch
    {
        "uneven" => TinyModels.Uneven,
        "normed" => TinyModels.Normed,
        "windowed" => TinyModels.Windowed,
        _ => TinyModels.Multihead,
    };

    private static double Mean(double[][] left, double[][] right) =>
        left.Zip(right).Average(rows => rows.First.Zip(rows.Second, (x, y) => Math.Abs(x - y)).Average());

    // Prefilled in uneven chunks, and decoded from token 50 on.
    private static double[][] Read(IBackend backend, BackendAdapter? adapter, int[] tokens)
    {
        var rows = new List<double[]>();
        var sequence = backend.Open(adapter);
        var prompt = Math.Min(50, tokens.Length - 1);
        for (var start = 0; start < prompt; start += 23)
        {
            var count = Math.Min(23, prompt - start);
            var logits = backend.Prefill(sequence, tokens.AsSpan(start, count), [.. Enumerable.Range(0, count)]);
            for (var i = 0; i < count; i++)
            {
                rows.Add(LogProbabilities(logits.Slice(i * backend.VocabularySize, backend.VocabularySize)));
            }
        }

        var fork = backend.Fork(sequence);
        backend.Close(sequence);
        foreach (var token in tokens.AsSpan(prompt))
        {
            backend.Decode([fork], [token]);
            rows.Add(LogProbabilities(backend.Logits(fork)));
        }

        backend.Close(fork);
        return [.. rows];
    }

    private static double[] LogProbabilities(ReadOnlySpan<float> logits)
    {
        var row = logits.ToArray().Select(logit => (double)logit).ToArray();
        var largest = row.Max();
        var sum = largest + Math.Log(row.Sum(logit => Math.Exp(logit - largest)));
        return [.. row.Select(logit => logit - sum)];
    }
}
