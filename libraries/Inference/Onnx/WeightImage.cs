using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>A model's weights as the graph's constants: packed matrices by name, and norms and biases as floats.</summary>
internal sealed unsafe class WeightImage : IDisposable
{
    private readonly Dictionary<string, PackedMatrix> _matrices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float[]> _vectors = new(StringComparer.Ordinal);

    /// <summary>Packed matrices; the embedding is also the head where the model ties them.</summary>
    public IReadOnlyDictionary<string, PackedMatrix> Matrices => _matrices;

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

    /// <inheritdoc/>
    public void Dispose()
    {
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
