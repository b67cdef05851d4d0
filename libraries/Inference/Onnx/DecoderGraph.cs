using O1Coder.Inference.Onnx.Ir;
using static O1Coder.Inference.Onnx.Ir.TensorProto.Types;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// The graph of a qwen2-style decoder for ONNX Runtime's CPU and CUDA providers. Inputs: <c>token_ids</c> int32 [B, S],
/// <c>last_positions</c> int32 [B] (index of each row's last token), <c>total_length</c> int32 scalar (the largest of
/// them + 1), <c>logit_rows</c> int64 [R] (rows of the flattened [B·S] whose logits are wanted), and per layer
/// <c>past_keys_i</c>, <c>past_values_i</c> float [B, key-value heads, capacity, head size]; outputs: <c>logits</c>
/// [R, vocabulary] and the same buffers, extended in place, as <c>keys_i</c>, <c>values_i</c>. With an adapter also, per
/// layer and adapted product, the adapter's matrices as <see cref="AdapterImage"/> lays them out: A float [chunks, inner,
/// width] and B float [chunks · width, outer]. They are inputs and no constants, so that one graph serves every adapter
/// of whatever rank.
/// </summary>
internal static class DecoderGraph
{
    /// <summary>Weights of a block that share one scale: what Q4_0 has.</summary>
    public const int Block = 32;

    /// <summary>The operator that holds a weight matrix; every one must say how exactly activations are held.</summary>
    public const string Product = "MatMulNBits";

    /// <summary>
    /// The adapter's two products are multiplied by this, and B is divided by its square. Exact, as it is a power of 2,
    /// and not 1, because with 1 the CPU's kernel computes a lone row in another order than several (MLAS sgemm).
    /// </summary>
    public const float AdapterAlpha = 2;

    /// <summary>Builds the model around externally held weights, named by <see cref="WeightNames"/>.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="small">Norms and biases by name, stored in the graph.</param>
    /// <param name="precision">How activations enter the products.</param>
    /// <param name="adapted">The products to which an adapter adds.</param>
    public static ModelProto Build(
        DecoderShape shape, IReadOnlyDictionary<string, float[]> small, Precision precision, AdaptedProducts adapted)
    {
        var builder = new GraphBuilder("decoder");
        var level = precision == Precision.Exact ? 1 : 4;

        var tokens = builder.Input("token_ids", DataType.Int32, "batch", "length");
        var positions = builder.Input("last_positions", DataType.Int32, "batch");
        var total = builder.Input("total_length", DataType.Int32);
        var rows = builder.Input("logit_rows", DataType.Int64, "rows");

        var (cosines, sines) = Rotary(shape);
        var half = shape.HeadSize / 2;
        builder.Constant<float>("cosines", DataType.Float, cosines, shape.Context, half);
        builder.Constant<float>("sines", DataType.Float, sines, shape.Context, half);

        // Gather and head read the same bytes; they differ only in the shape that their operators expect.
        builder.External(WeightNames.Embedding, DataType.Uint8, shape.Vocabulary, shape.Hidden / 2);
        builder.External(WeightNames.EmbeddingScales, DataType.Float, shape.Vocabulary, shape.Hidden / Block);
        var residual = builder.Node(
            "GatherBlockQuantized",
            GraphBuilder.Contributed,
            [WeightNames.Embedding, tokens, WeightNames.EmbeddingScales],
            ("gather_axis", 0),
            ("quantize_axis", 1),
            ("block_size", Block),
            ("bits", 4));

        builder.Constant<long>("flat", DataType.Int64, [-1, shape.Hidden], 2);
        if (adapted != AdaptedProducts.None)
        {
            // Gemm wants two dimensions, attention three.
            residual = builder.Node("Reshape", "", [residual, "flat"]);
            builder.Constant<long>("flat_attended", DataType.Int64, [-1, shape.Heads * shape.HeadSize], 2);
            builder.Constant<long>("first_and_rest", DataType.Int64, [0, -1], 2);
            builder.Constant<long>("projected", DataType.Int64, [shape.QueryKeyValue], 1);
            var size = builder.Node("Shape", "", [tokens]);
            builder.Node("Concat", "", [size, "projected"], ["batched"], ("axis", 0));
        }

        string? pending = null;
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            string[] past =
            [
                builder.Input($"past_keys_{layer}", DataType.Float, "batch", shape.KeyValueHeads, "capacity", shape.HeadSize),
                builder.Input($"past_values_{layer}", DataType.Float, "batch", shape.KeyValueHeads, "capacity", shape.HeadSize),
            ];
            var normed = Norm(WeightNames.AttentionNorm(layer));
            var projected = Multiply(normed, WeightNames.QueryKeyValue(layer), shape.Hidden, shape.QueryKeyValue);
            if (adapted != AdaptedProducts.None)
            {
                projected = Adapt(AdaptedProducts.QueryKeyValue, normed, projected, layer, shape.Hidden, shape.QueryKeyValue);
                projected = builder.Node("Reshape", "", [projected, "batched"]);
            }

            var attended = builder.Node(
                "GroupQueryAttention",
                GraphBuilder.Contributed,
                [projected, "", "", past[0], past[1], positions, total, "cosines", "sines"],
                [$"attended_{layer}", $"keys_{layer}", $"values_{layer}"],
                ("num_heads", shape.Heads),
                ("kv_num_heads", shape.KeyValueHeads),
                ("do_rotary", 1),
                ("rotary_interleaved", 0),
                ("scale", 1 / MathF.Sqrt(shape.HeadSize)));
            builder.Output(attended[1], DataType.Float, "batch", shape.KeyValueHeads, "capacity", shape.HeadSize);
            builder.Output(attended[2], DataType.Float, "batch", shape.KeyValueHeads, "capacity", shape.HeadSize);

            var heads = adapted == AdaptedProducts.None
                ? attended[0]
                : builder.Node("Reshape", "", [attended[0], "flat_attended"]);
            pending = Multiply(heads, WeightNames.AttentionOutput(layer), shape.Heads * shape.HeadSize, shape.Hidden);
            pending = Adapt(AdaptedProducts.Output, heads, pending, layer, shape.Heads * shape.HeadSize, shape.Hidden);
            normed = Norm(WeightNames.FeedForwardNorm(layer));
            var both = Multiply(normed, WeightNames.GateUp(layer), shape.Hidden, 2 * shape.FeedForward);
            var halves = builder.Node(
                "Split", "", [both], [$"gate_{layer}", $"up_{layer}"], ("axis", -1), ("num_outputs", 2));

            // QuickGelu with alpha 1 is x·sigmoid(x) = SiLU in one pass.
            var gate = Adapt(AdaptedProducts.Gate, normed, halves[0], layer, shape.Hidden, shape.FeedForward);
            gate = builder.Node("QuickGelu", GraphBuilder.Contributed, [gate], ("alpha", 1f));
            var up = Adapt(AdaptedProducts.Up, normed, halves[1], layer, shape.Hidden, shape.FeedForward);
            var inner = builder.Node("Mul", "", [gate, up]);
            pending = Multiply(inner, WeightNames.Down(layer), shape.FeedForward, shape.Hidden);
            pending = Adapt(AdaptedProducts.Down, inner, pending, layer, shape.FeedForward, shape.Hidden);
        }

        var final = Norm(WeightNames.OutputNorm);
        var flat = builder.Node("Reshape", "", [final, "flat"]);
        var wanted = builder.Node("Gather", "", [flat, rows], ("axis", 0));
        var logits = Multiply(wanted, WeightNames.Head, shape.Hidden, shape.Vocabulary, "logits");
        builder.Output(logits, DataType.Float, "rows", shape.Vocabulary);
        return builder.Build();

        // Adds what the last block left to the residual stream and norms the sum, in one operator.
        string Norm(string weight)
        {
            builder.Constant<float>(weight, DataType.Float, small[weight], shape.Hidden);
            if (pending is null)
            {
                return builder.Node(
                    "SimplifiedLayerNormalization", "", [residual, weight], ("epsilon", shape.Epsilon), ("axis", -1));
            }

            var outputs = builder.Node(
                "SkipSimplifiedLayerNormalization",
                GraphBuilder.Contributed,
                [pending, residual, weight],
                [$"{weight}.normed", "", "", $"{weight}.sum"],
                ("epsilon", shape.Epsilon));
            residual = outputs[3];
            return outputs[0];
        }

        // base + B (A x): LoRA, Hu et al. 2021, arXiv 2106.09685, equation 3; scale and powers of 2 are in B. A is cut into
        // chunks of at most 16 columns, a product each, because wider ones are summed in an order that depends on how
        // many rows there are: the kernel chooses its blocks after it has divided columns among threads.
        string Adapt(AdaptedProducts product, string input, string output, int layer, int inner, int outer)
        {
            if ((adapted & product) == 0)
            {
                return output;
            }

            var name = $"{product}_{layer}";
            var down = builder.Input(WeightNames.AdapterDown(product, layer), DataType.Float, $"chunks_{name}", inner, $"width_{name}");
            var up = builder.Input(WeightNames.AdapterUp(product, layer), DataType.Float, $"rank_{name}", outer);
            var narrow = builder.Node("FusedMatMul", GraphBuilder.Contributed, [input, down], ("alpha", AdapterAlpha));
            var turned = builder.Node("Transpose", "", [narrow], ("perm", new[] { 1, 0, 2 }));
            var joined = builder.Node("Reshape", "", [turned, "first_and_rest"]);
            return builder.Node("Gemm", "", [joined, up, output], ("alpha", AdapterAlpha), ("beta", 1f));
        }

        string Multiply(string input, string weight, int inner, int outer, string? output = null)
        {
            var codes = builder.External(weight, DataType.Uint8, outer, inner / Block, Block / 2);
            var scales = builder.External(WeightNames.Scales(weight), DataType.Float, outer, inner / Block);
            string[] inputs = small.TryGetValue(WeightNames.Bias(weight), out var bias)
                ? [input, codes, scales, "", "", builder.Constant<float>(WeightNames.Bias(weight), DataType.Float, bias, outer)]
                : [input, codes, scales];
            return builder.Node(
                Product,
                GraphBuilder.Contributed,
                inputs,
                [output ?? $"{weight}.product"],
                ("K", inner),
                ("N", outer),
                ("bits", 4),
                ("block_size", Block),
                ("accuracy_level", level))[0];
        }
    }

    // RoFormer (arXiv 2104.09864, equation 34), angles in double so that position 32,767 keeps its digits.
    private static (float[] Cosines, float[] Sines) Rotary(DecoderShape shape)
    {
        var half = shape.HeadSize / 2;
        var cosines = new float[shape.Context * half];
        var sines = new float[shape.Context * half];
        for (var i = 0; i < half; i++)
        {
            var frequency = Math.Pow(shape.RopeBase, -2.0 * i / shape.HeadSize);
            for (var position = 0; position < shape.Context; position++)
            {
                var (sine, cosine) = Math.SinCos(position * frequency);
                cosines[(position * half) + i] = (float)cosine;
                sines[(position * half) + i] = (float)sine;
            }
        }

        return (cosines, sines);
    }
}
