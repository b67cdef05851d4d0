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
        RopeBase = 10_000,
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

    [Fact]
    public void Every_input_of_every_node_is_made_before()
    {
        var graph = Build(Precision.Fast).Graph;
        var known = graph.Input.Select(input => input.Name).Concat(graph.Initializer.Select(tensor => tensor.Name)).ToHashSet();
        foreach (var node in graph.Node)
        {
            Assert.All(node.Input.Where(input => input.Length > 0), input => Assert.Contains(input, known));
            Assert.All(node.Output.Where(output => output.Length > 0), output => Assert.True(known.Add(output), output));
        }

        Assert.All(graph.Output, output => Assert.Contains(output.Name, known));
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

    private static ModelProto Build(Precision precision, AdaptedProducts adapted = AdaptedProducts.None)
    {
        var small = new Dictionary<string, float[]> { [WeightNames.OutputNorm] = new float[s_shape.Hidden] };
        for (var layer = 0; layer < s_shape.Layers; layer++)
        {
            small[WeightNames.AttentionNorm(layer)] = new float[s_shape.Hidden];
            small[WeightNames.FeedForwardNorm(layer)] = new float[s_shape.Hidden];
            small[WeightNames.Bias(WeightNames.QueryKeyValue(layer))] = new float[s_shape.QueryKeyValue];
        }

        return DecoderGraph.Build(s_shape, small, precision, adapted);
    }
}
