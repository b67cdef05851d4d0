using O1Coder.Inference.Onnx.Ir;
using static O1Coder.Inference.Onnx.Ir.TensorProto.Types;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// The graph of a decoder (qwen2, qwen3, llama, mistral) for ONNX Runtime's CPU and CUDA providers. Inputs: <c>token_ids</c>
/// int32 [B, S], <c>last_positions</c> int32 [B] (index of each row's last token), <c>total_length</c> int32 scalar (the
/// largest of them + 1), <c>logit_rows</c> int64 [R] and <c>hidden_rows</c> int64 [H] (rows of the flattened [B·S] whose logits
/// and hidden states are wanted), and per layer <c>past_keys_i</c>, <c>past_values_i</c> float or float16 [B, key-value heads,
/// capacity, head size]; outputs: <c>logits</c> [R, vocabulary], <c>hidden</c> [H, hidden size] (the residual after the final
/// norm) and the same buffers, extended in place, as <c>keys_i</c>, <c>values_i</c>. With an adapter also, per layer and
/// adapted product, the adapter's matrices as <see cref="AdapterImage"/> lays them out: A float [chunks, inner, width] and B
/// float [chunks · width, outer]. They are inputs and no constants, so that one graph serves every adapter of whatever rank.
/// </summary>
internal sealed class DecoderGraph
{
    /// <summary>Weights of a block that share one scale: what Q4_0 and Q8_0 have.</summary>
    public const int Block = 32;

    /// <summary>The operator that holds a matrix in blocks; every one must say how exactly activations are held.</summary>
    public const string Product = "MatMulNBits";

    /// <summary>
    /// The adapter's two products are multiplied by this, and B is divided by its square. Exact, as it is a power of 2,
    /// and not 1, because with 1 the CPU's kernel computes a lone row in another order than several (MLAS sgemm).
    /// </summary>
    public const float AdapterAlpha = 2;

    private readonly GraphBuilder _builder = new("decoder");
    private readonly DecoderShape _shape;
    private readonly IReadOnlyDictionary<string, float[]> _vectors;
    private readonly AdaptedProducts _adapted;
    private readonly GraphProducts _products;
    private string _residual = "";
    private string? _pending;

    private DecoderGraph(
        DecoderShape shape,
        IReadOnlyDictionary<string, MatrixFormat> formats,
        IReadOnlyDictionary<string, float[]> vectors,
        Precision precision,
        AdaptedProducts adapted)
    {
        (_shape, _vectors, _adapted) = (shape, vectors, adapted);
        _products = new GraphProducts(_builder, formats, vectors, precision);
    }

    // What attention takes, gives and caches.
    private DataType Attended => _shape.HalfCache ? DataType.Float16 : DataType.Float;

    /// <summary>Builds the model around externally held weights, named by <see cref="WeightNames"/>.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="formats">How each matrix is held, by its name.</param>
    /// <param name="vectors">Norms and biases by name, stored in the graph.</param>
    /// <param name="precision">How activations enter the products.</param>
    /// <param name="adapted">The products to which an adapter adds.</param>
    public static ModelProto Build(
        DecoderShape shape,
        IReadOnlyDictionary<string, MatrixFormat> formats,
        IReadOnlyDictionary<string, float[]> vectors,
        Precision precision,
        AdaptedProducts adapted) => new DecoderGraph(shape, formats, vectors, precision, adapted).Build();

    private ModelProto Build()
    {
        var tokens = _builder.Input("token_ids", DataType.Int32, "batch", "length");
        _builder.Input("last_positions", DataType.Int32, "batch");
        _builder.Input("total_length", DataType.Int32);
        var logitRows = _builder.Input("logit_rows", DataType.Int64, "rows");
        var hiddenRows = _builder.Input("hidden_rows", DataType.Int64, "states");
        AddConstants(tokens);

        _residual = _products.LookUp(WeightNames.Embedding, tokens, _shape.Vocabulary, _shape.Hidden);
        if (_adapted != AdaptedProducts.None)
        {
            // Gemm wants two dimensions, attention three.
            _residual = _builder.Node("Reshape", "", [_residual, "flat"]);
        }

        for (var layer = 0; layer < _shape.Layers; layer++)
        {
            AddAttention(layer);
            AddFeedForward(layer);
        }

        var final = Norm(WeightNames.OutputNorm);
        var flat = _builder.Node("Reshape", "", [final, "flat"]);
        var hidden = _builder.Node("Gather", "", [flat, hiddenRows], ["hidden"], ("axis", 0))[0];
        _builder.Output(hidden, DataType.Float, "states", _shape.Hidden);
        var wanted = _builder.Node("Gather", "", [flat, logitRows], ("axis", 0));
        var logits = _products.Multiply(wanted, WeightNames.Head, _shape.Hidden, _shape.Vocabulary, "logits");
        _builder.Output(logits, DataType.Float, "rows", _shape.Vocabulary);
        return _builder.Build();
    }

    private void AddConstants(string tokens)
    {
        AddRotary();
        _builder.Constant<long>("flat", DataType.Int64, [-1, _shape.Hidden], 2);
        if (_shape.QueryKeyNorm)
        {
            var (queries, keys) = (_shape.Heads * _shape.HeadSize, _shape.KeyValueHeads * _shape.HeadSize);
            _builder.Constant<long>("query_key_value", DataType.Int64, [queries, keys, keys], 3);
            _builder.Constant<long>("heads", DataType.Int64, [0, 0, -1, _shape.HeadSize], 4);
            _builder.Constant<long>("joined_heads", DataType.Int64, [0, 0, -1], 3);
        }

        if (_adapted != AdaptedProducts.None)
        {
            _builder.Constant<long>("flat_attended", DataType.Int64, [-1, _shape.Heads * _shape.HeadSize], 2);
            _builder.Constant<long>("first_and_rest", DataType.Int64, [0, -1], 2);
            _builder.Constant<long>("projected", DataType.Int64, [_shape.QueryKeyValue], 1);
            var size = _builder.Node("Shape", "", [tokens]);
            _builder.Node("Concat", "", [size, "projected"], ["batched"], ("axis", 0));
        }
    }

    private void AddAttention(int layer)
    {
        var (hidden, attendedSize) = (_shape.Hidden, _shape.Heads * _shape.HeadSize);
        var normed = Norm(WeightNames.AttentionNorm(layer));
        var projected = _products.Multiply(normed, WeightNames.QueryKeyValue(layer), hidden, _shape.QueryKeyValue);
        if (_adapted != AdaptedProducts.None)
        {
            projected = Adapt(AdaptedProducts.QueryKeyValue, normed, projected, layer, hidden, _shape.QueryKeyValue);
            projected = _builder.Node("Reshape", "", [projected, "batched"]);
        }

        var heads = Attend(projected, layer);
        if (_adapted != AdaptedProducts.None)
        {
            heads = _builder.Node("Reshape", "", [heads, "flat_attended"]);
        }

        _pending = _products.Multiply(heads, WeightNames.AttentionOutput(layer), attendedSize, hidden);
        _pending = Adapt(AdaptedProducts.Output, heads, _pending, layer, attendedSize, hidden);
    }

    private string Attend(string projected, int layer)
    {
        object[] cache = ["batch", _shape.KeyValueHeads, "capacity", _shape.HeadSize];
        var keys = _builder.Input($"past_keys_{layer}", Attended, cache);
        var values = _builder.Input($"past_values_{layer}", Attended, cache);
        string[] parts = _shape.QueryKeyNorm ? NormedHeads(projected, layer) : [projected, "", ""];
        parts = [.. parts.Select(part => part.Length == 0 ? part : Cast(part, DataType.Float, Attended))];
        var attended = _builder.Node(
            "GroupQueryAttention",
            GraphBuilder.Contributed,
            [.. parts, keys, values, "last_positions", "total_length", "cosines", "sines"],
            [$"attended_{layer}", $"keys_{layer}", $"values_{layer}"],
            ("num_heads", _shape.Heads),
            ("kv_num_heads", _shape.KeyValueHeads),
            ("do_rotary", 1),
            ("rotary_interleaved", 0),

            // The token that looks is one of them; −1 for all.
            ("local_window_size", _shape.Window ?? -1),
            ("scale", 1 / MathF.Sqrt(_shape.HeadSize)));
        _builder.Output(attended[1], Attended, cache);
        _builder.Output(attended[2], Attended, cache);
        return Cast(attended[0], Attended, DataType.Float);
    }

    // As qwen3 has it: the RMS norm of each head's query and key by itself, before the rotation. The operator's own inputs for
    // that are refused by the CPU provider.
    private string[] NormedHeads(string projected, int layer)
    {
        var parts = _builder.Node(
            "Split", "", [projected, "query_key_value"], [$"queries_{layer}", $"projected_keys_{layer}", $"projected_values_{layer}"], ("axis", -1));
        return [Heads(parts[0], WeightNames.QueryNorm(layer)), Heads(parts[1], WeightNames.KeyNorm(layer)), parts[2]];

        string Heads(string part, string weight)
        {
            _builder.Constant<float>(weight, DataType.Float, _vectors[weight], _shape.HeadSize);
            var heads = _builder.Node("Reshape", "", [part, "heads"]);
            heads = _builder.Node("SimplifiedLayerNormalization", "", [heads, weight], ("epsilon", _shape.Epsilon), ("axis", -1));
            return _builder.Node("Reshape", "", [heads, "joined_heads"]);
        }
    }

    private void AddFeedForward(int layer)
    {
        var (hidden, feedForward) = (_shape.Hidden, _shape.FeedForward);
        var normed = Norm(WeightNames.FeedForwardNorm(layer));
        var both = _products.Multiply(normed, WeightNames.GateUp(layer), hidden, 2 * feedForward);
        var halves = _builder.Node("Split", "", [both], [$"gate_{layer}", $"up_{layer}"], ("axis", -1), ("num_outputs", 2));

        // QuickGelu with alpha 1 is x·sigmoid(x) = SiLU in one pass.
        var gate = Adapt(AdaptedProducts.Gate, normed, halves[0], layer, hidden, feedForward);
        gate = _builder.Node("QuickGelu", GraphBuilder.Contributed, [gate], ("alpha", 1f));
        var up = Adapt(AdaptedProducts.Up, normed, halves[1], layer, hidden, feedForward);
        var inner = _builder.Node("Mul", "", [gate, up]);
        _pending = _products.Multiply(inner, WeightNames.Down(layer), feedForward, hidden);
        _pending = Adapt(AdaptedProducts.Down, inner, _pending, layer, feedForward, hidden);
    }

    private string Cast(string input, DataType from, DataType to) =>
        from == to ? input : _builder.Node("Cast", "", [input], ("to", (int)to));

    // Adds what the last block left to the residual stream and norms the sum, in one operator.
    private string Norm(string weight)
    {
        _builder.Constant<float>(weight, DataType.Float, _vectors[weight], _shape.Hidden);
        if (_pending is null)
        {
            return _builder.Node(
                "SimplifiedLayerNormalization", "", [_residual, weight], ("epsilon", _shape.Epsilon), ("axis", -1));
        }

        var outputs = _builder.Node(
            "SkipSimplifiedLayerNormalization",
            GraphBuilder.Contributed,
            [_pending, _residual, weight],
            [$"{weight}.normed", "", "", $"{weight}.sum"],
            ("epsilon", _shape.Epsilon));
        _residual = outputs[3];
        return outputs[0];
    }

    // base + B (A x): LoRA, Hu et al. 2021, arXiv 2106.09685, equation 3; scale and powers of 2 are in B. A is cut into
    // chunks of at most 16 columns, a product each, because wider ones are summed in an order that depends on how
    // many rows there are: the kernel chooses its blocks after it has divided columns among threads.
    private string Adapt(AdaptedProducts product, string input, string output, int layer, int inner, int outer)
    {
        if ((_adapted & product) == 0)
        {
            return output;
        }

        var name = $"{product}_{layer}";
        var down = _builder.Input(WeightNames.AdapterDown(product, layer), DataType.Float, $"chunks_{name}", inner, $"width_{name}");
        var up = _builder.Input(WeightNames.AdapterUp(product, layer), DataType.Float, $"rank_{name}", outer);
        var narrow = _builder.Node("FusedMatMul", GraphBuilder.Contributed, [input, down], ("alpha", AdapterAlpha));
        var turned = _builder.Node("Transpose", "", [narrow], ("perm", new[] { 1, 0, 2 }));
        var joined = _builder.Node("Reshape", "", [turned, "first_and_rest"]);
        return _builder.Node("Gemm", "", [joined, up, output], ("alpha", AdapterAlpha), ("beta", 1f));
    }

    // RoFormer (arXiv 2104.09864, equation 34), angles in double so that position 32,767 keeps its digits.
    private void AddRotary()
    {
        var half = _shape.HeadSize / 2;
        var cosines = new float[_shape.Context * half];
        var sines = new float[_shape.Context * half];
        for (var i = 0; i < half; i++)
        {
            var frequency = _shape.RopeFrequencies[i];
            for (var position = 0; position < _shape.Context; position++)
            {
                var (sine, cosine) = Math.SinCos(position * frequency);
                cosines[(position * half) + i] = (float)cosine;
                sines[(position * half) + i] = (float)sine;
            }
        }

        Add("cosines", cosines);
        Add("sines", sines);

        void Add(string name, float[] values)
        {
            if (_shape.HalfCache)
            {
                _builder.Constant<Half>(name, DataType.Float16, Array.ConvertAll(values, value => (Half)value), _shape.Context, half);
            }
            else
            {
                _builder.Constant<float>(name, DataType.Float, values, _shape.Context, half);
            }
        }
    }
}
