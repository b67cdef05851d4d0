using O1Coder.Inference.Cpu;
using O1Coder.Inference.Onnx;
using O1Coder.Inference.Tests.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Onnx;

/// <summary>ONNX Runtime's CPU provider as a second opinion on our own kernels, on every architecture and way of holding weights.</summary>
public sealed class OnnxBackendAgreementTests
{
    private const int Length = 72;
    private const int Prefilled = 50;

    public static TheoryData<string, string, Precision> Held
    {
        get
        {
            var cases = new TheoryData<string, string, Precision>();
            foreach (var architecture in TinyArchitectures.Names)
            {
                foreach (var stored in new[] { "Q4_0", "Q8_0", "Q4_1", "F16", "mixed" })
                {
                    cases.Add(architecture, stored, Precision.Exact);
                    cases.Add(architecture, stored, Precision.Fast);
                }
            }

            return cases;
        }
    }

    public static TheoryData<string> Architectures => [.. TinyArchitectures.Names];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Floats_agree_with_the_other_back_end_and_with_the_reference(string architecture)
    {
        var model = TinyArchitectures.Of(architecture);
        using var weights = new RandomWeights(model, seed: 1);
        using var graph = Graph(weights, Precision.Exact, WeightPrecision.AsStored);
        using var kernels = Kernels(weights, Precision.Exact, WeightPrecision.AsStored);
        Assert.Equal("float32", graph.Precision);
        var tokens = TinyModels.Text(Length, seed: 2);

        foreach (var adapter in new[] { null, TinyQwen2.Adapter(model, 5, seed: 3) })
        {
            var actual = Read(graph, adapter, tokens);
            var (largest, mean) = BackendReader.Difference(Read(kernels, adapter, tokens), actual);
            var (wrong, _) = BackendReader.Difference(new ReferenceModel(weights, adapter).LogProbabilities(tokens), actual);

            TestContext.Current.SendDiagnosticMessage($"{architecture}: largest |Δ| {largest:e1}, mean {mean:e1}; to the reference {wrong:e1}");
            Assert.InRange(largest, 0, 1e-4);
            Assert.InRange(wrong, 0, 1e-4);
        }
    }

    // Both round activations to int8 in blocks of 32, but the graph only before matrices that it holds in blocks. A head of its
    // own gives logits of a trained model's spread, for which the fast mode's tolerance is meant: those that the random
    // embedding gives are ten times as far apart.
    [Theory]
    [MemberData(nameof(Held))]
    public void Stored_blocks_agree_with_the_other_back_end(string architecture, string stored, Precision precision)
    {
        var model = TinyArchitectures.Of(architecture);
        model = precision == Precision.Fast ? model with { TiedEmbedding = false } : model;
        using var weights = new StoredWeights(model, seed: 1, name => Type(stored, name));
        using var graph = Graph(weights, precision, WeightPrecision.AsStored);
        using var kernels = Kernels(weights, precision, WeightPrecision.AsStored);
        var tokens = TinyModels.Text(Length, seed: 2);
        var reference = new ReferenceModel(weights, null).LogProbabilities(tokens);

        foreach (var adapter in new[] { null, TinyQwen2.Adapter(model, 5, seed: 3) })
        {
            var actual = Read(graph, adapter, tokens);
            var (largest, mean) = BackendReader.Difference(Read(kernels, adapter, tokens), actual);
            var (wrong, off) = adapter is null ? BackendReader.Difference(reference, actual) : (0, 0);

            TestContext.Current.SendDiagnosticMessage(
                $"{architecture}, {stored}, {graph.Precision}: largest |Δ| {largest:e1}, mean {mean:e1}; to the reference {wrong:e1}, mean {off:e1}");
            Assert.InRange(mean, 0, precision == Precision.Exact ? 1e-5 : 0.03);
            Assert.InRange(largest, 0, precision == Precision.Exact ? 1e-4 : 0.15);
            Assert.InRange(off, 0, precision == Precision.Exact ? 1e-5 : 0.03);
        }
    }

    [Theory]
    [InlineData("Q4_0", Precision.Fast, "q4_0, int8 activations")]
    [InlineData("Q8_0", Precision.Fast, "q8_0, int8 activations")]
    [InlineData("Q8_0", Precision.Exact, "float32")]
    [InlineData("Q4_1", Precision.Fast, "float32")]
    [InlineData("mixed", Precision.Fast, "q8_0 and q4_0 and float32, int8 activations")]
    [InlineData("mixed", Precision.Exact, "q4_0 and float32, float32 activations")]
    public void It_says_how_weights_are_held(string stored, Precision precision, string expected)
    {
        using var weights = new StoredWeights(TinyArchitectures.Of("llama"), seed: 1, name => Type(stored, name));
        using var graph = Graph(weights, precision, WeightPrecision.AsStored);

        Assert.Equal(expected, graph.Precision);
    }

    [Theory]
    [InlineData((int)WeightPrecision.Int4, "q4_0", Precision.Fast)]
    [InlineData((int)WeightPrecision.Int4, "q4_0", Precision.Exact)]
    [InlineData((int)WeightPrecision.Int8, "q8_0", Precision.Fast)]
    [InlineData((int)WeightPrecision.Int8, "float32", Precision.Exact)]
    [InlineData((int)WeightPrecision.Float32, "float32", Precision.Fast)]
    public void Weights_are_converted_as_the_other_back_end_converts_them(int held, string format, Precision precision)
    {
        using var weights = new RandomWeights(TinyArchitectures.Of("qwen2") with { TiedEmbedding = false }, seed: 1);
        using var graph = Graph(weights, precision, (WeightPrecision)held);
        using var kernels = Kernels(weights, precision, (WeightPrecision)held);
        var tokens = TinyModels.Text(Length, seed: 2);

        var (largest, mean) = BackendReader.Difference(Read(kernels, null, tokens), Read(graph, null, tokens));

        Assert.StartsWith(format, graph.Precision, StringComparison.Ordinal);
        Assert.InRange(mean, 0, precision == Precision.Exact || format == "float32" ? 1e-5 : 0.03);
        Assert.InRange(largest, 0, precision == Precision.Exact || format == "float32" ? 1e-4 : 0.15);
    }

    [Fact]
    public void Heads_that_the_graph_cannot_turn_are_refused()
    {
        using var weights = new RandomWeights(TinyModels.Uneven, seed: 1);

        var refused = Assert.Throws<ModelFormatException>(() => Graph(weights, Precision.Exact, WeightPrecision.AsStored));

        Assert.Contains("heads of width 24: expected a multiple of 16", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_do_not_fall_into_blocks_are_refused_where_blocks_are_asked_for()
    {
        using var weights = new RandomWeights(TinyArchitectures.Of("qwen2") with { HiddenSize = 80 }, seed: 1);
        using var floats = Graph(weights, Precision.Fast, WeightPrecision.AsStored);

        var refused = Assert.Throws<ArgumentException>(() => Graph(weights, Precision.Fast, WeightPrecision.Int4));

        Assert.Contains("80 columns: expected a multiple of 32", refused.Message, StringComparison.Ordinal);
    }

    private static double[][] Read(Backends.IBackend backend, LoraAdapter? adapter, int[] tokens)
    {
        var prepared = adapter is null ? null : backend.Prepare(adapter);
        return BackendReader.LogProbabilities(backend, prepared, tokens, Prefilled);
    }

    private static GgufTensorType Type(string stored, string name) => stored != "mixed" ? Enum.Parse<GgufTensorType>(stored)
        : name.Contains("embed", StringComparison.Ordinal) || name.Contains("lm_head", StringComparison.Ordinal) ? GgufTensorType.Q8_0
        : name.Contains("down", StringComparison.Ordinal) ? GgufTensorType.Q4_1
        : name.Contains("v_proj", StringComparison.Ordinal) ? GgufTensorType.F16
        : GgufTensorType.Q4_0;

    private static OnnxBackend Graph(IWeights weights, Precision precision, WeightPrecision held) =>
        new(weights, precision, held, GraphDevice.Cpu, threads: 2, maxSequences: 3, contextLength: 128);

    private static CpuBackend Kernels(IWeights weights, Precision precision, WeightPrecision held) =>
        new(weights, precision, held, KernelPaths.Best, threads: 2, maxSequences: 3, contextLength: 128);
}
