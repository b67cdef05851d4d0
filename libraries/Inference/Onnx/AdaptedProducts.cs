namespace O1Coder.Inference.Onnx;

/// <summary>Products of a block to which an adapter adds, as far as the graph tells them apart.</summary>
[Flags]
internal enum AdaptedProducts
{
    /// <summary>The model as it is.</summary>
    None = 0,

    /// <summary>Queries, keys and values, which are one product.</summary>
    QueryKeyValue = 1,

    /// <summary>The attention's output.</summary>
    Output = 2,

    /// <summary>The feed-forward part's gate.</summary>
    Gate = 4,

    /// <summary>What the gate is multiplied with.</summary>
    Up = 8,

    /// <summary>The feed-forward part's output.</summary>
    Down = 16,
}
