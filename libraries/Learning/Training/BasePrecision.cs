namespace O1Coder.Learning.Training;

/// <summary>How the base model's weights are held, and in what its products are computed.</summary>
public enum BasePrecision
{
    /// <summary>32 bits.</summary>
    Float32,

    /// <summary>
    /// 16 bits: weights and the factors of products are rounded, sums are kept in 32. Norms, rotary embedding, the
    /// residual stream, losses, the adapter, its gradients and the optimiser stay in 32.
    /// </summary>
    BFloat16,
}
