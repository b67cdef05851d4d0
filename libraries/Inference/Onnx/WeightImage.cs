using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// A model's weights as the graph's constants: matrices outside the managed heap, in blocks or as floats, and norms and
/// biases.
/// </summary>
internal sealed class WeightImage : IDisposable
{
    private readonly Dictionary<string, GraphMatrix> _matrices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float[]> _vectors = new(StringComparer.Ordinal);
    private readonly IWeights _weights;
    private readonly WeightPrecision _held;
    private readonly Precision _precision;
    private readonly int _threads;

    private WeightImage(IWeights weights, WeightPrecision held, Precision precision, int threads) =>
        (_weights, _held, _precision, _threads) = (weights, held, precision, threads);

    /// <summary>How each matrix is held, by its name in the graph.</summary>
    public IReadOnlyDictionary<string, MatrixFormat> Formats =>
        _matrices.ToDictionary(pair => pair.Key, pair => pair.Value.Format, StringComparer.Ordinal);

    /// <summary>The matrices as the graph wants them; the embedding is also the head where the model ties them.</summary>
    public IEnumerable<GraphConstant> Constants =>
        _matrices.SelectMany(pair => pair.Value.Constants(pair.Key, pair.Key == WeightNames.Embedding));

    /// <summary>Norms and biases.</summary>
    public IReadOnlyDictionary<string, float[]> Vectors => _vectors;

    /// <summary>How the matrices are held, for people: <c>q4_0</c>, <c>q4_0 and float32</c>, …</summary>
    public string Format => string.Join(" and ", _matrices.Values.Select(matrix => matrix.Format).Distinct().Order().Reverse().Select(Describe));

    /// <summary>A format's name, for people.</summary>
    public static string Describe(MatrixFormat format) => format switch
    {
        MatrixFormat.Q40 => "q4_0",
        MatrixFormat.Q80 => "q8_0",
        _ => "float32",
    };

    /// <summary>Reads a model's weights.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="held">How matrices are to be held.</param>
    /// <param name="precision">How activations enter the products: it decides which formats the products have kernels for.</param>
    /// <param name="threads">Threads to use.</param>
    /// <exception cref="ArgumentException">A matrix cannot be held so.</exception>
    /// <exception cref="ModelFormatException">A tensor is missing, or of a type that is not known.</exception>
    public static WeightImage Load(IWeights weights, WeightPrecision held, Precision precision, int threads)
    {
        var image = new WeightImage(weights, held, precision, threads);
        try
        {
            image.Read(weights.Description);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var matrix in _matrices.Values.Distinct())
        {
            matrix.Dispose();
        }
    }

    private void Read(ModelDescription model)
    {
        Matrix(WeightNames.Embedding, "model.embed_tokens.weight");
        if (model.TiedEmbedding)
        {
            _matrices[WeightNames.Head] = _matrices[WeightNames.Embedding];
        }
        else
        {
            Matrix(WeightNames.Head, "lm_head.weight");
        }

        Vector(WeightNames.OutputNorm, "model.norm.weight");
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var block = $"model.layers.{layer}.";
            Vector(WeightNames.AttentionNorm(layer), block + "input_layernorm.weight");
            Vector(WeightNames.FeedForwardNorm(layer), block + "post_attention_layernorm.weight");
            if (model.QueryKeyNorm)
            {
                Vector(WeightNames.QueryNorm(layer), block + "self_attn.q_norm.weight");
                Vector(WeightNames.KeyNorm(layer), block + "self_attn.k_norm.weight");
            }

            Projection[] queryKeyValue = [Projection.Query, Projection.Key, Projection.Value];
            Matrix(WeightNames.QueryKeyValue(layer), Names(block, "weight", queryKeyValue));
            if (model.QkvBias)
            {
                Vector(WeightNames.Bias(WeightNames.QueryKeyValue(layer)), Names(block, "bias", queryKeyValue));
            }

            Matrix(WeightNames.AttentionOutput(layer), Names(block, "weight", Projection.Output));
            Matrix(WeightNames.GateUp(layer), Names(block, "weight", Projection.Gate, Projection.Up));
            Matrix(WeightNames.Down(layer), Names(block, "weight", Projection.Down));
        }
    }

    private static string[] Names(string block, string kind, params Projection[] projections) =>
        [.. projections.Select(projection => $"{block}{projection.ModulePath()}.{kind}")];

    private void Vector(string name, params string[] tensors) => _vectors[name] = [.. tensors.SelectMany(_weights.Read)];

    /// <summary>How a matrix is held, all of whose rows are stored in a type, or in several where that is null.</summary>
    /// <remarks>
    /// MatMulNBits holds Q4_0 and Q8_0 to the bit. Its zero points are whole numbers, which Q4_1's minima are not, so Q4_1 is
    /// floats here, as is all else that is not stored in either.
    /// </remarks>
    public static MatrixFormat FormatFor(WeightPrecision held, GgufTensorType? stored) => (held, stored) switch
    {
        (WeightPrecision.Float32, _) => MatrixFormat.Float32,
        (_, GgufTensorType.Q4_0) => MatrixFormat.Q40,
        (WeightPrecision.Int4 or WeightPrecision.Int8, GgufTensorType.Q4_1) => MatrixFormat.Float32,
        (WeightPrecision.Int4, _) => MatrixFormat.Q40,
        (WeightPrecision.Int8, _) or (_, GgufTensorType.Q8_0) => MatrixFormat.Q80,
        _ => MatrixFormat.Float32,
    };

    // With float activations MatMulNBits has no kernel for 8 bits: it would turn the whole matrix into floats at every call, so
    // there they are floats from the start.
    private void Matrix(string name, params string[] tensors)
    {
        var source = new MatrixSource(_weights, tensors);
        var stored = source.StoredType;
        var format = FormatFor(_held, stored);
        _matrices[name] = format == MatrixFormat.Float32 || (format == MatrixFormat.Q80 && _precision == Precision.Exact)
            ? new FloatMatrix(source, rounded: format == MatrixFormat.Q80 && stored != GgufTensorType.Q8_0, _threads)
            : new PackedMatrix(source, format, _threads);
    }
}
