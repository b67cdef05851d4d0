namespace O1Coder.Inference;

/// <summary>How weights are held in memory.</summary>
public enum WeightPrecision
{
    /// <summary>As the file has them: Q4_0, Q4_1, Q8_0, F32, F16 and BF16 are held exactly; anything else becomes float32.</summary>
    AsStored,

    /// <summary>
    /// 4 bits in blocks of 32 with one half-precision scale d, as Q4_0: the largest weight of a block becomes ∓8·d. Any weight
    /// is off by at most |d|/2, those beyond 7.5·|d| on the other side of zero by at most |d|; |d| is an eighth of the block's
    /// largest weight. Q4_0 and Q4_1 stay as they are.
    /// </summary>
    Int4,

    /// <summary>
    /// 8 bits in blocks of 32 with one half-precision scale d, as Q8_0: any weight is off by at most 0.6·d, and d is a 127th of
    /// the block's largest weight. Q4_0, Q4_1 and Q8_0 stay as they are.
    /// </summary>
    Int8,

    /// <summary>32 bits, exactly.</summary>
    Float32,
}
