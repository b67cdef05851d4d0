namespace O1Coder.Inference.Cpu;

/// <summary>How the numbers of an adapter's factors are held: codes, and a scale that numbers share. Value code · scale.</summary>
internal unsafe interface IFactorFormat
{
    /// <summary>Bytes of a code.</summary>
    static abstract int Bytes { get; }

    /// <summary>The scale of numbers of which the largest magnitude is known.</summary>
    static abstract float Scale(float largest);

    /// <summary>Writes the codes of numbers.</summary>
    static abstract void Put(ReadOnlySpan<float> values, float scale, byte* codes);

    /// <summary>A vector of codes as floats; no alignment is needed.</summary>
    static abstract TVector Load<TSimd, TVector>(byte* codes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>A code as a float.</summary>
    static abstract float Get(byte* code);
}
