using System.Runtime.Intrinsics;
using O1Coder.Inference.Onnx;
using O1Coder.Inference.Onnx.Ir;

namespace O1Coder.Inference.Tests;

public sealed class DecoderGraphTests
{
    private static readonly DecoderShape s_shape = new()
    {
        Layers = 3,
        Hidden = 64,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 16,
        FeedForward = 96,
        Vocabulary = 50,
        RopeFrequencies = [.. Enumerable.Range(0, 8).Select(i => Math.Pow(10_000, -i / 8.0))],
        Epsilon = 1e-6f,
        Context = 32,
    };

    // Without it the product silently takes a path that is several times slower.
    [Theory]
    [InlineData(Precision.Fast, 4)]
    [InlineData(Precision.Exact, 1)]
    public void Every_product_says_how_exactly_activations_are_held(Precision precision, int level)
    {
        var products = Build(precision).Graph.Node.Where(node => node.OpType == DecoderGraph.Product).ToArray();

        Assert.Equal((4 * s_shape.Layers) + 1, products.Length);
        Assert.All(products, node =>
            Assert.Equal(level, Assert.Single(node.Attribute, attribute => attribute.Name == "accuracy_level").I));
    }

    [Theory]
    [InlineData((int)AdaptedProducts.None, (int)MatrixFormat.Q40, false)]
    [InlineData((int)(AdaptedProducts.QueryKeyValue | AdaptedProducts.Down), (int)MatrixFormat.Q80, false)]
    [InlineData(31, (int)MatrixFormat.Q40, true)]
    [InlineData(31, (int)MatrixFormat.Float32, true)]
    public void Every_input_of_every_node_is_made_before(int adapted, int format, bool norms)
    {
        var graph = Build(Precision.Fast, (AdaptedProducts)adapted, (MatrixFormat)format, norms, halfCache: norms).Graph;
        var known = graph.Input.Select(input => input.Name).Concat(graph.Initializer.Select(tensor => tensor.Name)).ToHashSet();
        foreach (var node in graph.Node)
        {
            Assert.All(node.Input.Where(input => input.Length > 0), input => Assert.Contains(input, known));
            Assert.All(node.Output.Where(output => output.Length > 0), output => Assert.True(known.Add(output), output));
        }

        Assert.All(graph.Output, output => Assert.Contains(output.Name, known));
    }

    [Theory]
    [InlineData((int)AdaptedProducts.None, 0)]
    [InlineData((int)(AdaptedProducts.QueryKeyValue | AdaptedProducts.Down), 2)]
    [InlineData(31, 5)]
    public void What_an_adapter_leaves_as_it_is_costs_nothing(int adapted, int products)
    {
        var graph = Build(Precision.Fast, (AdaptedProducts)adapted).Graph;

        Assert.Equal(products * s_shape.Layers, graph.Node.Count(node => node.OpType == "Gemm"));
        Assert.Equal(2 * products * s_shape.Layers, graph.Input.Count(input => input.Name.StartsWith("lora_", StringComparison.Ordinal)));

        // With 1 a lone row would be computed in another order than several.
        Assert.All(graph.Node.Where(node => node.OpType is "Gemm" or "FusedMatMul"), node =>
            Assert.NotEqual(1, Assert.Single(node.Attribute, attribute => attribute.Name == "alpha").F));
    }

    [Fact]
    public void Weights_are_given_by_the_session_and_norms_lie_in_the_graph()
    {
        foreach (var tensor in Build(Precision.Fast).Graph.Initializer)
        {
            var count = tensor.Dims.Aggregate(1L, (product, dimension) => product * dimension);
            if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
            {
                Assert.True(tensor.RawData.IsEmpty);
            }
            else
            {
                Assert.Equal(count * (tensor.DataType == (int)TensorProto.Types.DataType.Int64 ? 8 : 4), tensor.RawData.Length);
            }
        }
    }

    // The CUDA provider attends to groups of heads in 16 bits only; in 32 its attention would fall to the processor.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_that_attention_takes_and_gives_is_of_one_type(bool halfCache)
    {
        var graph = Build(Precision.Fast, halfCache: halfCache).Graph;
        var expected = (int)(halfCache ? TensorProto.Types.DataType.Float16 : TensorProto.Types.DataType.Float);
        var caches = graph.Input.Where(input => input.Name.StartsWith("past_", StringComparison.Ordinal))
            .Concat(graph.Output.Where(output => output.Name.StartsWith("keys_", StringComparison.Ordinal) || output.Name.StartsWith("values_", StringComparison.Ordinal)));

        Assert.All(caches, cache => Assert.Equal(expected, cache.Type.TensorType.ElemType));
        Assert.All(graph.Initializer.Where(tensor => tensor.Name is "cosines" or "sines"), table => Assert.Equal(expected, table.DataType));
        Assert.Equal(halfCache ? 2 * s_shape.Layers : 0, graph.Node.Count(node => node.OpType == "Cast"));
    }

    [Fact]
    public void Repacking_puts_neighbouring_columns_into_one_byte()
    {
        // Q4_0: byte j holds columns j and j + 16.
        int[] columns = [.. Enumerable.Range(0, 32).Select(i => (i * 7) % 16)];
        var source = new byte[16];
        for (var i = 0; i < 16; i++)
        {
            source[i] = (byte)(columns[i] | (columns[i + 16] << 4));
        }

        var packed = PackedMatrix.Repack(Vector128.Create(source));

        Assert.Equal(columns, Enumerable.Range(0, 32).Select(i => (packed[i / 2] >> (i % 2 * 4)) & 15));
    }

    private static ModelProto Build(
        Precision precision,
        AdaptedProducts adapted = AdaptedProducts.None,
        MatrixFormat format = MatrixFormat.Q40,
        bool norms = false,
        bool halfCache = false)
    {
        var formats = new Dictionary<string, MatrixFormat> { [WeightNames.Embedding] = format, [WeightNames.Head] = format };
        var small = new Dictionary<string, float[]> { [WeightNames.OutputNorm] = new float[s_shape.Hidden] };
        for (var layer = 0; layer < s_shape.Layers; layer++)
        {
            small[WeightNames.AttentionNorm(layer)] = new float[s_shape.Hidden];
            small[WeightNames.FeedForwardNorm(layer)] = new float[s_shape.Hidden];
            small[WeightNames.QueryNorm(layer)] = new float[s_shape.HeadSize];
            small[WeightNames.KeyNorm(layer)] = new float[s_shape.HeadSize];
            small[WeightNames.Bias(WeightNames.QueryKeyValue(layer))] = new float[s_shape.QueryKeyValue];
            foreach (var name in new[]
            {
                WeightNames.QueryKeyValue(layer), WeightNames.AttentionOutput(layer), WeightNames.GateUp(layer), WeightNames.Down(layer),
            })
            {
                formats[name] = format;
            }
        }

        return DecoderGraph.Build(
            s_shape with { QueryKeyNorm = norms, HalfCache = halfCache }, formats, small, precision, adapted);
    }
}
