using Microsoft.ML.OnnxRuntime.Tensors;
using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// A model's weights as the graph's constants: matrices outside the managed heap, packed or as floats, and norms and
/// biases.
/// </summary>
internal sealed unsafe class WeightImage : IDisposable
{
    private readonly Dictionary<string, PackedMatrix> _matrices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float[]> _vectors = new(StringComparer.Ordinal);

    private readonly Dictionary<string, FloatMatrix> _floats = new(StringComparer.Ordinal);

    /// <summary>Whether matrices are floats.</summary>
    public bool Floats => _floats.Count > 0;

    /// <summary>The matrices as the graph wants them; the embedding is also the head where the model ties them.</summary>
    public IEnumerable<(string Name, TensorElementType Type, long[] Shape, nint Data, long Bytes)> Constants
    {
        get
        {
            foreach (var (name, matrix) in _floats)
            {
                yield return (name, TensorElementType.Float, [matrix.Rows, matrix.Columns], matrix.Address, matrix.Length);
            }

            foreach (var (name, matrix) in _matrices)
            {
                var blocks = matrix.Columns / DecoderGraph.Block;
                long[] shape = name == WeightNames.Embedding
                    ? [matrix.Rows, matrix.Columns / 2]
                    : [matrix.Rows, blocks, DecoderGraph.Block / 2];
                yield return (name, TensorElementType.UInt8, shape, matrix.Codes, matrix.CodeLength);
                yield return (WeightNames.Scales(name), TensorElementType.Float, [matrix.Rows, blocks], matrix.Scales, matrix.ScaleLength);
            }
        }
    }

    /// <summary>Norms and biases.</summary>
    public IReadOnlyDictionary<string, float[]> Vectors => _vectors;

    /// <summary>Repacks a model's tensors.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, has another shape, or is not Q4_0.</exception>
    public static WeightImage Load(GgufFile file, ModelDescription model, int threads)
    {
        var image = new WeightImage();
        try
        {
            image.Read(file, model, threads);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Reads a model's tensors as floats.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, or of a type that is not known.</exception>
    public static WeightImage Load(IWeights weights)
    {
        var image = new WeightImage();
        try
        {
            image.ReadFloats(weights);
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
        foreach (var matrix in _floats.Values)
        {
            matrix.Dispose();
        }

        _floats.Clear();
        foreach (var matrix in _matrices.Values.Distinct())
        {
            matrix.Dispose();
        }

        _matrices.Clear();
    }

    private void Read(GgufFile file, ModelDescription model, int threads)
    {
        var hidden = model.HiddenSize;
        var queries = model.Heads * model.HeadSize;
        var keys = model.KeyValueHeads * model.HeadSize;
        var inner = model.FeedForwardSize;

        Matrix(WeightNames.Embedding, hidden, ("token_embd", model.VocabularySize));
        if (model.TiedEmbedding)
        {
            _matrices[WeightNames.Head] = _matrices[WeightNames.Embedding];
        }
        else
        {
            Matrix(WeightNames.Head, hidden, ("output", model.VocabularySize));
        }

        Vector(WeightNames.OutputNorm, ("output_norm.weight", hidden));
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var block = $"blk.{layer}.";
            Vector(WeightNames.AttentionNorm(layer), (block + "attn_norm.weight", hidden));
            Matrix(
                WeightNames.QueryKeyValue(layer),
                hidden,
                (block + "attn_q", queries),
                (block + "attn_k", keys),
                (block + "attn_v", keys));
            if (file.Tensors.ContainsKey(block + "attn_q.bias"))
            {
                Vector(
                    WeightNames.Bias(WeightNames.QueryKeyValue(layer)),
                    (block + "attn_q.bias", queries),
                    (block + "attn_k.bias", keys),
                    (block + "attn_v.bias", keys));
            }

            Matrix(WeightNames.AttentionOutput(layer), queries, (block + "attn_output", hidden));
            Vector(WeightNames.FeedForwardNorm(layer), (block + "ffn_norm.weight", hidden));
            Matrix(WeightNames.GateUp(layer), hidden, (block + "ffn_gate", inner), (block + "ffn_up", inner));
            Matrix(WeightNames.Down(layer), inner, (block + "ffn_down", hidden));
        }

        // Puts one or several tensors of equal width under each other.
        void Matrix(string name, int columns, params ReadOnlySpan<(string Tensor, int Rows)> parts)
        {
            var rows = 0;
            foreach (var part in parts)
            {
                rows += part.Rows;
            }

            var matrix = _matrices[name] = new PackedMatrix(rows, columns);
            var first = 0;
            foreach (var part in parts)
            {
                var tensor = Find(file, $"{part.Tensor}.weight", part.Rows, columns);
                if (tensor.Type != GgufTensorType.Q4_0)
                {
                    throw new ModelFormatException(tensor.FilePath, $"tensor '{tensor.Name}'", $"of type {tensor.Type}", "type Q4_0");
                }

                matrix.Fill((byte*)tensor.Address, first, part.Rows, threads);
                first += part.Rows;
            }
        }

        void Vector(string name, params ReadOnlySpan<(string Tensor, int Length)> parts)
        {
            var values = new List<float>();
            foreach (var part in parts)
            {
                values.AddRange(Find(file, part.Tensor, part.Length).ToFloats());
            }

            _vectors[name] = [.. values];
        }
    }

    private void ReadFloats(IWeights weights)
    {
        var model = weights.Description;
        const string Embedding = "model.embed_tokens.weight";
        _floats[WeightNames.Embedding] = new FloatMatrix([weights.Read(Embedding)], model.HiddenSize, transpose: false);
        _floats[WeightNames.Head] = new FloatMatrix(
            [weights.Read(model.TiedEmbedding ? Embedding : "lm_head.weight")], model.HiddenSize, transpose: true);
        _vectors[WeightNames.OutputNorm] = weights.Read("model.norm.weight");
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var block = $"model.layers.{layer}.";
            _vectors[WeightNames.AttentionNorm(layer)] = weights.Read(block + "input_layernorm.weight");
            _vectors[WeightNames.FeedForwardNorm(layer)] = weights.Read(block + "post_attention_layernorm.weight");
            if (model.QkvBias)
            {
                _vectors[WeightNames.Bias(WeightNames.QueryKeyValue(layer))] =
                [
                    .. weights.Read($"{block}{Projection.Query.ModulePath()}.bias"),
                    .. weights.Read($"{block}{Projection.Key.ModulePath()}.bias"),
                    .. weights.Read($"{block}{Projection.Value.ModulePath()}.bias"),
                ];
            }

            Matrix(WeightNames.QueryKeyValue(layer), Projection.Query, Projection.Key, Projection.Value);
            Matrix(WeightNames.AttentionOutput(layer), Projection.Output);
            Matrix(WeightNames.GateUp(layer), Projection.Gate, Projection.Up);
            Matrix(WeightNames.Down(layer), Projection.Down);

            void Matrix(string name, params Projection[] parts) => _floats[name] = new FloatMatrix(
                [.. parts.Select(part => weights.Read($"{block}{part.ModulePath()}.weight"))], model.InputSize(parts[0]), transpose: true);
        }
    }

    private static GgufTensor Find(GgufFile file, string name, params ReadOnlySpan<long> shape)
    {
        var tensor = file.GetTensor(name);
        return tensor.Shape.SequenceEqual(shape.ToArray())
            ? tensor
            : throw new ModelFormatException(
                tensor.FilePath,
                $"shape of tensor '{name}'",
                $"[{string.Join(", ", tensor.Shape)}]",
                $"[{string.Join(", ", shape.ToArray())}]");
    }
}
