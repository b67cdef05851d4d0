using O1Coder.Inference.Onnx.Ir;
using static O1Coder.Inference.Onnx.Ir.TensorProto.Types;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// The graph of a qwen2-style decoder for ONNX Runtime's CPU and CUDA providers. Inputs: <c>token_ids</c> int32 [B, S],
/// <c>last_positions</c> int32 [B] (index of each row's last token), <c>total_length</c> int32 scalar (the largest of
/// them + 1), <c>logit_rows</c> int64 [R] (rows of the flattened [B·S] whose logits are wanted), and per layer
/// <c>past_keys_i</c>, <c>past_values_i</c> float [B, key-value heads, capacity, head size]; outputs: <c>logits</c>
/// [R, vocabulary] and the same buffers, extended in place, as <c>keys_i</c>, <c>values_i</c>.
/// </summary>
internal static class DecoderGraph
{
    /// <summary>Weights of a block that share one scale: what Q4_0 has.</summary>
    public const int Block = 32;

    /// <summary>The operator that holds a weight matrix; every one must say how exactly activations are held.</summary>
    public const string Product = "MatMulNBits";

    /// <summary>Builds the model around externally held weights, named by <see cref="WeightNames"/>.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="small">Norms and biases by name, stored in the graph.</param>
    /// <param name="precision">How activations enter the products.</param>
    public static ModelProto Build(DecoderShape shape, IReadOnlyDictionary<string, float[]> small, Precision precision)
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

            pending = Multiply(attended[0], WeightNames.AttentionOutput(layer), shape.Heads * shape.HeadSize, shape.Hidden);
            normed = Norm(WeightNames.FeedForwardNorm(layer));
            var both = Multiply(normed, WeightNames.GateUp(layer), shape.Hidden, 2 * shape.FeedForward);
            var halves = builder.Node(
                "Split", "", [both], [$"gate_{layer}", $"up_{layer}"], ("axis", -1), ("num_outputs", 2));

            // QuickGelu with alpha 1 is x·sigmoid(x) = SiLU in one pass.
            var gate = builder.Node("QuickGelu", GraphBuilder.Contributed, [halves[0]], ("alpha", 1f));
            var inner = builder.Node("Mul", "", [gate, halves[1]]);
            pending = Multiply(inner, WeightNames.Down(layer), shape.FeedForward, shape.Hidden);
        }

        var final = Norm(WeightNames.OutputNorm);
        builder.Constant<long>("flat", DataType.Int64, [-1, shape.Hidden], 2);
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
