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

    private OnnxBackend Load(Precision precision) =>
        new(_file, TinyQwen2.Description, precision, threads: 2, maxSequences: 6, contextLength: 1024);
}
