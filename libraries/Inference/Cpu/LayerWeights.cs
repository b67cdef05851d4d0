using System.Runtime.InteropServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>One layer's weights: products packed, norms and biases as floats outside the managed heap.</summary>
internal sealed unsafe class LayerWeights : IDisposable
{
    /// <summary>Reads a layer.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, or of a type that is not known.</exception>
    public LayerWeights(IWeights weights, int layer, WeightPrecision precision, int threads)
    {
        var model = weights.Description;
        var block = $"model.layers.{layer}";
        try
        {
            QueryKeyValue = Pack(Projection.Query, Projection.Key, Projection.Value);
            Output = Pack(Projection.Output);
            GateUp = Pack(Projection.Gate, Projection.Up);
            Down = Pack(Projection.Down);
            AttentionNorm = Vector($"{block}.input_layernorm.weight");
            FeedForwardNorm = Vector($"{block}.post_attention_layernorm.weight");
            if (model.QkvBias)
            {
                Bias = Vector($"{block}.self_attn.q_proj.bias", $"{block}.self_attn.k_proj.bias", $"{block}.self_attn.v_proj.bias");
            }

            if (model.QueryKeyNorm)
            {
                QueryNorm = Vector($"{block}.self_attn.q_norm.weight");
                KeyNorm = Vector($"{block}.self_attn.k_norm.weight");
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        PackedWeights Pack(params Projection[] projections) =>
            PackOnce(weights, [.. projections.Select(projection => $"{block}.{projection.ModulePath()}.weight")], precision, threads);

        float* Vector(params string[] names) => CopyOf([.. names.SelectMany(weights.Read)]);
    }

    /// <summary>To queries, keys and values, one below another.</summary>
    public PackedWeights QueryKeyValue { get; } = null!;

    /// <summary>From the heads back.</summary>
    public PackedWeights Output { get; } = null!;

    /// <summary>The feed-forward part's gate and way up, one below the other.</summary>
    public PackedWeights GateUp { get; } = null!;

    /// <summary>Its way back.</summary>
    public PackedWeights Down { get; } = null!;

    /// <summary>The norm before attention.</summary>
    public float* AttentionNorm { get; private set; }

    /// <summary>The norm before the feed-forward part.</summary>
    public float* FeedForwardNorm { get; private set; }

    /// <summary>Of queries, keys and values; null where they have none.</summary>
    public float* Bias { get; private set; }

    /// <summary>The norm of each head's queries, or null.</summary>
    public float* QueryNorm { get; private set; }

    /// <summary>The norm of each head's keys, or null.</summary>
    public float* KeyNorm { get; private set; }

    /// <summary>A copy outside the managed heap, to be freed by <see cref="NativeMemory.AlignedFree"/>.</summary>
    public static float* CopyOf(float[] values)
    {
        var copy = (float*)NativeMemory.AlignedAlloc((nuint)values.Length * sizeof(float), 64);
        values.CopyTo(new Span<float>(copy, values.Length));
        return copy;
    }

    /// <summary>Packs tensors, as <see cref="PackedWeights.Pack"/> says, and lets go of their file's memory.</summary>
    public static PackedWeights PackOnce(IWeights weights, IReadOnlyList<string> names, WeightPrecision precision, int threads)
    {
        var packed = PackedWeights.Pack(weights, names, precision, threads);
        foreach (var name in names)
        {
            weights.Release(name);
        }

        return packed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Where reading failed, not all are there.
        QueryKeyValue?.Dispose();
        Output?.Dispose();
        GateUp?.Dispose();
        Down?.Dispose();
        NativeMemory.AlignedFree(AttentionNorm);
        NativeMemory.AlignedFree(FeedForwardNorm);
        NativeMemory.AlignedFree(Bias);
        NativeMemory.AlignedFree(QueryNorm);
        NativeMemory.AlignedFree(KeyNorm);
        AttentionNorm = null;
        FeedForwardNorm = null;
        Bias = null;
        QueryNorm = null;
        KeyNorm = null;
    }
}
