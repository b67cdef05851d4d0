using O1Coder.Inference.Cpu;
using O1Coder.Inference.Onnx;
using O1Coder.Models;
using O1Coder.Models.Tests;

namespace O1Coder.Inference.Tests;

/// <summary>The back end on a tiny model with random weights: loading, and keys and values moved in every way.</summary>
public sealed class OnnxBackendTests : IDisposable
{
    private const int Hidden = TinyQwen2.Hidden;
    private const int Vocabulary = TinyQwen2.Vocabulary;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"o1coder-{Guid.NewGuid():n}.gguf");

    [Fact]
    public void A_tensor_that_is_missing_or_of_another_shape_is_named()
    {
        Refused("tensor 'blk.1.ffn_down.weight' is missing", Tiny().WithoutTensor("blk.1.ffn_down.weight"));
        Refused(
            "shape of tensor 'output_norm.weight' is [32]: expected [64]",
            Tiny().WithoutTensor("output_norm.weight").WithFloats("output_norm.weight", 1, 32));
    }

    [Fact]
    public void A_head_of_its_own_is_used()
    {
        using var tied = Load(Tiny());
        using var same = Load(WithMatrix(Tiny(), "output", Vocabulary, Hidden, seed: 1));
        using var other = Load(WithMatrix(Tiny(), "output", Vocabulary, Hidden, seed: 2));

        Assert.Equal(Logits(tied, 5, 6, 7), Logits(same, 5, 6, 7));
        Assert.NotEqual(Logits(tied, 5, 6, 7), Logits(other, 5, 6, 7));
    }

    // Rows that are forked, closed in any order, grown past the first capacity, saved, cut and loaded.
    [Fact]
    public void Keys_and_values_follow_their_sequences()
    {
        using var backend = Load(Tiny());
        var random = new Random(3);
        int[] text = [.. Enumerable.Range(0, 700).Select(_ => random.Next(Vocabulary))];
        var running = new List<(Backends.KvSequence Sequence, int Start, int Length)>();
        for (var step = 0; step < 40; step++)
        {
            if (running.Count < 3)
            {
                var (start, length) = (random.Next(60), random.Next(2, 40));
                var prompt = backend.Open(null);
                backend.Prefill(prompt, text.AsSpan(start, length), []);
                running.Add((backend.Fork(prompt), start, length));
                backend.Close(prompt);
            }

            backend.Decode([.. running.Select(one => one.Sequence)], [.. running.Select(one => text[one.Start + one.Length])]);
            for (var i = 0; i < running.Count; i++)
            {
                running[i] = running[i] with { Length = running[i].Length + 1 };
                Assert.Equal(running[i].Length, running[i].Sequence.Length);
            }

            if (random.Next(3) == 0)
            {
                var at = random.Next(running.Count);
                Check(backend, running[at].Sequence, text.AsSpan(running[at].Start, running[at].Length));
                backend.Close(running[at].Sequence);
                running.RemoveAt(at);
            }
        }

        // A prompt beyond the first capacity makes all rows move.
        var last = running.First();
        var kept = backend.Save(last.Sequence, 0, last.Length);
        var before = Logits(backend, text[..20]);
        var large = backend.Open(null);
        foreach (var chunk in text.Chunk(100))
        {
            backend.Prefill(large, chunk, []);
        }

        backend.Close(large);
        using var after = backend.Save(last.Sequence, 0, last.Length);
        Assert.Equal(Bytes(kept), Bytes(after));
        Assert.Equal(before, Logits(backend, text[..20]));
        kept.Dispose();
    }

    [Fact]
    public void Loading_gives_what_computing_gives()
    {
        using var backend = Load(Tiny());
        int[] text = [.. Enumerable.Range(0, 50).Select(i => i * i % Vocabulary)];
        var computed = backend.Open(null);
        backend.Prefill(computed, text.AsSpan(0, 40), []);
        using var block = backend.Save(computed, 0, 40);
        var expected = backend.Prefill(computed, text.AsSpan(40), [7, 8, 9]).ToArray();
        backend.Close(computed);

        using var first = backend.Slice(block, 0, 17);
        using var rest = backend.Slice(block, 17, 23);
        var loaded = backend.Open(null);
        backend.Load(loaded, first, 17);
        backend.Load(loaded, rest, 11);
        backend.Prefill(loaded, text.AsSpan(28, 15), []);
        Assert.Equal(expected, backend.Prefill(loaded, text.AsSpan(43), [4, 5, 6]).ToArray());
    }

    public void Dispose() => File.Delete(_path);

    // What a decoded sequence answers next is what a fresh one answers that was prefilled and decoded likewise.
    private static void Check(OnnxBackend backend, Backends.KvSequence sequence, ReadOnlySpan<int> tokens)
    {
        using var actual = backend.Save(sequence, 0, tokens.Length);
        var fresh = backend.Open(null);
        backend.Prefill(fresh, tokens, []);
        using var expected = backend.Save(fresh, 0, tokens.Length);
        backend.Close(fresh);
        var (left, right) = (Bytes(actual), Bytes(expected));
        var worst = 0f;
        for (var i = 0; i < left.Length; i += sizeof(float))
        {
            worst = Math.Max(worst, Math.Abs(BitConverter.ToSingle(left, i) - BitConverter.ToSingle(right, i)));
        }

        Assert.InRange(worst, 0, 1e-4f);
    }

    private static unsafe byte[] Bytes(Backends.KvBlock block) => new ReadOnlySpan<byte>((void*)((KvCopy)block).Address, (int)block.OwnBytes).ToArray();

    private static float[] Logits(OnnxBackend backend, params int[] tokens)
    {
        var sequence = backend.Open(null);
        var logits = backend.Prefill(sequence, tokens, [tokens.Length - 1]).ToArray();
        backend.Close(sequence);
        Assert.All(logits, logit => Assert.True(float.IsFinite(logit)));
        return logits;
    }

    private void Refused(string message, GgufWriter writer) => Assert.Contains(
        message, Assert.Throws<ModelFormatException>(() => Load(writer)).Message, StringComparison.Ordinal);

    private OnnxBackend Load(GgufWriter writer)
    {
        File.WriteAllBytes(_path, writer.ToBytes());
        using var weights = new GgufWeights(GgufFile.Open(_path));
        return new OnnxBackend(
            weights, Precision.Exact, WeightPrecision.AsStored, GraphDevice.Cpu, threads: 1, maxSequences: 3, contextLength: 1024);
    }

    private static GgufWriter Tiny() => TinyQwen2.Writer();

    private static GgufWriter WithMatrix(GgufWriter writer, string name, int rows, int columns, int seed) =>
        TinyQwen2.WithMatrix(writer, name, rows, columns, seed);
}
