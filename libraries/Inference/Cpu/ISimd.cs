namespace O1Coder.Inference.Cpu;

/// <summary>
/// Vectors of floats of one width, so that an algorithm is written once for all widths. The compiler makes code of its own
/// for each implementation.
/// </summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Floats in a vector; divides 16.</summary>
    static abstract int Count { get; }

    /// <summary>All 0.</summary>
    static abstract TVector Zero { get; }

    /// <summary>All one value.</summary>
    static abstract TVector Broadcast(float value);

    /// <summary>Reads a vector; no alignment is needed.</summary>
    static abstract TVector Load(float* source);

    /// <summary>Reads as many 16-bit integers as a vector has elements, as floats.</summary>
    static abstract TVector LoadShorts(short* source);

    /// <summary>Writes a vector.</summary>
    static abstract void Store(TVector value, float* destination);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a − b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a · b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a / b.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a · b + c, rounded once where the processor can, always the same way on one processor.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The larger of each pair.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>The smaller of each pair.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>2^n from n + 1.5 · 2^23, |n| below 127.</summary>
    static abstract TVector PowerOfTwo(TVector shifted);

    /// <summary>0 where a is less than b, otherwise the value.</summary>
    static abstract TVector ZeroWhereLess(TVector a, TVector b, TVector value);

    /// <summary>The first elements of one vector, then those of another.</summary>
    static abstract TVector Join(TVector first, int count, TVector rest);

    /// <summary>The sum of all elements, in an order of its own that is always the same.</summary>
    static abstract float Sum(TVector value);

    /// <summary>The largest element.</summary>
    static abstract float Largest(TVector value);
}
