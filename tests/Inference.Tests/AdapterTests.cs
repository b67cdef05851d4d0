using O1Coder.Inference.Cpu;
using O1Coder.Inference.Onnx;
using O1Coder.Models;

namespace O1Coder.Inference.Tests;

/// <summary>Adapters on the ONNX back end with a tiny model, against the reference in doubles.</summary>
public sealed class AdapterTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"o1coder-{Guid.NewGuid():n}.gguf");
    private readonly GgufFile _file;

    public AdapterTests()
    {
        File.WriteAllBytes(_path, TinyQwen2.Writer().ToBytes());
        _file = GgufFile.Open(_path);
    }

    public static TheoryData<int, string> Adapters => new()
    {
        { 1, "all" }, { 8, "all" }, { 16, "all" }, { 20, "all" }, { 40, "all" }, { 4, "some" }, { 17, "some" },
        { 8, "queries and values" }, { 2, "down" }, { 16, "one" },
    };

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Agrees_with_the_merged_weights(int rank, string which)
    {
        using var backend = Load(Precision.Exact);
        using var weights = new GgufWeights(_file, leaveOpen: true);
        var adapter = Make(rank, which);
        var prepared = backend.Prepare(adapter);
        int[] tokens = [.. Enumerable.Range(0, 60).Select(i => ((i * i) + rank) % TinyQwen2.Vocabulary)];

        var expected = new ReferenceModel(weights, adapter).LogProbabilities(tokens);
        var plain = new ReferenceModel(weights, null).LogProbabilities(tokens);
        var actual = Read(backend, prepared, tokens);
        var without = Read(backend, null, tokens);

        var difference = Mean(expected, actual);
        TestContext.Current.SendDiagnosticMessage($"rank {rank}, {which}: mean |Δ| {difference:e1}, base {Mean(plain, without):e1}, by the adapter {Mean(plain, actual):e1}");
        Assert.InRange(difference, 0, 1e-5);
        Assert.InRange(Mean(plain, without), 0, 1e-5);
        Assert.InRange(Mean(plain, actual), 0.01, 10);
    }

    [Theory]
    [InlineData(Precision.Fast)]
    [InlineData(Precision.Exact)]
    public void An_adapter_whose_B_is_0_changes_no_bit(Precision precision)
    {
        using var backend = Load(precision);
        var nothing = backend.Prepare(TinyQwen2.Adapter(TinyQwen2.Description, 8, seed: 1, size: 0));
        int[] tokens = [.. Enumerable.Range(0, 60).Select(i => i * i % TinyQwen2.Vocabulary)];

        Assert.Equal(Read(backend, null, tokens).SelectMany(row => row), Read(backend, nothing, tokens).SelectMany(row => row));
    }

    [Theory]
    [InlineData(Precision.Fast)]
    [InlineData(Precision.Exact)]
    public void A_small_update_changes_the_logits(Precision precision)
    {
        using var backend = Load(precision);
        var before = TinyQwen2.Adapter(TinyQwen2.Description, 8, seed: 1);
        var after = new LoraAdapter(8, before.Alpha, false, before.Matrices.ToDictionary(pair => pair.Key, pair =>
            new LoraMatrices(pair.Value.A, [.. pair.Value.B.Select((value, i) => value + (i % 2 == 0 ? 1e-3f : -1e-3f))])));
        int[] tokens = [.. Enumerable.Range(0, 60).Select(i => i * i % TinyQwen2.Vocabulary)];

        Assert.InRange(Mean(Read(backend, backend.Prepare(before), tokens), Read(backend, backend.Prepare(after), tokens)), 1e-4, 0.1);
    }

    // Sequences of the model as it is and of three adapters come, grow and go; each must be, to the bit, what it is alone.
    [Theory]
    [InlineData(Precision.Fast)]
    [InlineData(Precision.Exact)]
    public void Rows_of_several_adapters_do_not_touch_each_other(Precision precision)
    {
        using var backend = Load(precision);
        var random = new Random(5);
        Backends.BackendAdapter?[] adapters =
        [
            null,
            .. new[] { Make(4, "all"), Make(17, "some"), Make(8, "queries and values") }.Select(backend.Prepare),
        ];
        int[] text = [.. Enumerable.Range(0, 200).Select(_ => random.Next(TinyQwen2.Vocabulary))];
        var running = new List<(Backends.KvSequence Sequence, int Start, int Prompt, List<float[]> Logits)>();
        var finished = running.ToList();
        for (var step = 0; step < 120; step++)
        {
            if (running.Count < 6 && random.Next(3) > 0)
            {
                var (start, length) = (random.Next(60), random.Next(2, 40));
                var prompt = backend.Open(adapters[random.Next(adapters.Length)]);
                backend.Prefill(prompt, text.AsSpan(start, length), []);
                running.Add((backend.Fork(prompt), start, length, []));
                backend.Close(prompt);
            }

            foreach (var group in running.GroupBy(one => one.Sequence.Adapter).OrderBy(_ => random.Next()))
            {
                var batch = group.OrderBy(_ => random.Next()).ToArray();
                backend.Decode([.. batch.Select(one => one.Sequence)], [.. batch.Select(one => text[one.Start + one.Sequence.Length])]);
                foreach (var one in batch)
                {
                    one.Logits.Add(backend.Logits(one.Sequence).ToArray());
                }
            }

            for (var i = running.Count - 1; i >= 0; i--)
            {
                if (random.Next(8) == 0 || step == 119)
                {
                    backend.Close(running[i].Sequence);
                    finished.Add(running[i]);
                    running.RemoveAt(i);
                }
            }
        }

        Assert.InRange(finished.Count, 30, 200);
        foreach (var (sequence, start, length, logits) in finished)
        {
            var prompt = backend.Open(sequence.Adapter);
            backend.Prefill(prompt, text.AsSpan(start, length), []);
            var alone = backend.Fork(prompt);
            backend.Close(prompt);
            foreach (var expected in logits)
            {
                backend.Decode([alone], [text[start + alone.Length]]);
                Assert.Equal(backend.Logits(alone), expected);
            }

            backend.Close(alone);
        }
    }

    [Fact]
    public void Releasing_frees_the_adapter_and_nothing_else()
    {
        using var backend = Load(Precision.Fast);
        var (first, second) = (backend.Prepare(Make(4, "all")), backend.Prepare(Make(8, "all")));
        int[] tokens = [.. Enumerable.Range(0, 60).Select(i => i % TinyQwen2.Vocabulary)];
        var (before, plain) = (Read(backend, second, tokens), Read(backend, null, tokens));
        Read(backend, first, tokens);

        backend.Release(first);

        Assert.True(((AdapterImage)first).IsDisposed);
        Assert.False(((AdapterImage)second).IsDisposed);
        Assert.Equal(before.SelectMany(row => row), Read(backend, second, tokens).SelectMany(row => row));
        Assert.Equal(plain.SelectMany(row => row), Read(backend, null, tokens).SelectMany(row => row));
    }

    [Fact]
    public void Disposing_frees_what_is_prepared_and_takes_no_more()
    {
        var backend = Load(Precision.Fast);
        var adapter = backend.Prepare(Make(4, "all"));
        backend.Dispose();

        Assert.True(((AdapterImage)adapter).IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => backend.Prepare(Make(8, "all")));
    }

    [Fact]
    public void An_adapter_of_another_model_is_refused_in_one_line()
    {
        using var backend = Load(Precision.Fast);

        Assert.Contains("layer 2: expected 0 to 1", Refused(TinyQwen2.Description with { Layers = 3 }), StringComparison.Ordinal);
        Assert.Contains(
            "layer 0, Gate, have 256 and 512 numbers: expected rank 4 times 64 and 96",
            Refused(TinyQwen2.Description with { FeedForwardSize = 128 }),
            StringComparison.Ordinal);

        string Refused(ModelDescription other) => Assert.Throws<ArgumentException>(
            () => backend.Prepare(TinyQwen2.Adapter(other, 4, seed: 1, has: key => key.Layer == 2 || key.Projection == Projection.Gate))).Message;
    }

    private static double Mean(double[][] left, double[][] right) =>
        left.Zip(right).Average(rows => rows.First.Zip(rows.Second, (x, y) => Math.Abs(x - y)).Average());

    private static LoraAdapter Make(int rank, string which) => TinyQwen2.Adapter(TinyQwen2.Description, rank, seed: rank, has: which switch
    {
        "some" => key => (key.Layer + (int)key.Projection) % 2 == 0,
        "queries and values" => key => key.Projection is Projection.Query or Projection.Value,
        "down" => key => key.Projection == Projection.Down,
        "one" => key => key == new LoraKey(1, Projection.Up),
        _ => null,
    });

    // Log-probabilities after each token, prefilled in uneven chunks and with some tokens decoded at the end.
    private static double[][] Read(OnnxBackend backend, Backends.BackendAdapter? adapter, int[] tokens)
    {
        var rows = new List<double[]>();
        var sequence = backend.Open(adapter);
        foreach (var (start, length) in new[] { (0, 30), (30, 7), (37, 13) })
        {
            int[] all = [.. Enumerable.Range(0, length)];
            var logits = backend.Prefill(sequence, tokens.AsSpan(start, length), all);
            for (var i = 0; i < length; i++)
            {
                Take(logits.Slice(i * TinyQwen2.Vocabulary, TinyQwen2.Vocabulary));
            }
        }

        var fork = backend.Fork(sequence);
        backend.Close(sequence);
        foreach (var token in tokens.AsSpan(50))
        {
            backend.Decode([fork], [token]);
            Take(backend.Logits(fork));
        }

        backend.Close(fork);
        return [.. rows];

        void Take(ReadOnlySpan<float> logits)
        {
            var row = logits.ToArray().Select(logit => (double)logit).ToArray();
            var sum = Math.Log(row.Sum(Math.Exp));
            rows.Add([.. row.Select(logit => logit - sum)]);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    private OnnxBackend Load(Precision precision)
    {
        using var weights = new GgufWeights(_file, leaveOpen: true);
        return new(weights, precision, WeightPrecision.AsStored, GraphDevice.Cpu, threads: 2, maxSequences: 6, contextLength: 1024);
    }
}
