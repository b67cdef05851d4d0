using System.Runtime.InteropServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>A model's weights, each held once.</summary>
internal sealed unsafe class DecoderWeights : IDisposable
{
    private readonly LayerWeights[] _layers;

    /// <summary>Reads all.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, or of a type that is not known.</exception>
    public DecoderWeights(IWeights weights, WeightPrecision precision, int threads)
    {
        Model = weights.Description;
        _layers = new LayerWeights[Model.Layers];
        try
        {
            // The largest first: while a matrix is packed, the file's memory counts beside what there is already.
            Embedding = LayerWeights.PackOnce(weights, ["model.embed_tokens.weight"], precision, threads);
            Head = Model.TiedEmbedding ? Embedding : LayerWeights.PackOnce(weights, ["lm_head.weight"], precision, threads);
            for (var layer = 0; layer < _layers.Length; layer++)
            {
                _layers[layer] = new LayerWeights(weights, layer, precision, threads);
            }

            Norm = LayerWeights.CopyOf(weights.Read("model.norm.weight"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The model.</summary>
    public ModelDescription Model { get; }

    /// <summary>The layers.</summary>
    public IReadOnlyList<LayerWeights> Layers => _layers;

    /// <summary>A row for each token.</summary>
    public PackedWeights Embedding { get; } = null!;

    /// <summary>To the logits; the embedding itself where the model ties them.</summary>
    public PackedWeights Head { get; } = null!;

    /// <summary>The norm before the head.</summary>
    public float* Norm { get; private set; }

    /// <summary>How the matrices are held, for people.</summary>
    public string Format => string.Join(" and ", _layers
        .SelectMany(layer => new[] { layer.QueryKeyValue, layer.Output, layer.GateUp, layer.Down })
        .Append(Head).Select(matrix => matrix.Format).Distinct());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in _layers)
        {
            layer?.Dispose();
        }

        Embedding?.Dispose();
        Head?.Dispose();
        NativeMemory.AlignedFree(Norm);
        Norm = null;
    }
}
