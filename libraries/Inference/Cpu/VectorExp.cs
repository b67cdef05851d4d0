using System.Runtime.CompilerServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// e^x = 2^n · e^r with n the integer next to x / ln 2, so that |r| is at most ln 2 / 2, and e^r the first eight terms of its
/// series (Cody and Waite, Software Manual for the Elementary Functions, 1980). The relative error is below 1e-6 from −87 to
/// 88; above 88 it is e^88, below −87 it is 0; e^0 is 1.
/// </summary>
/// <typeparam name="TSimd">The vectors' operations.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
internal static class VectorExp<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const float Largest = 88;
    private const float Smallest = -87;

    // A float of this size has no fraction bits: adding it rounds to an integer, which is left in the lowest bits.
    private const float Shift = 12_582_912;

    // ln 2 in two parts; the first has so few bits that its product with n is exact.
    private const float High = 0.693359375f;
    private const float Low = -2.12194440e-4f;

    /// <summary>e^x of each element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        var least = TSimd.Broadcast(Smallest);

        // In this order what is no number stays none.
        var bounded = TSimd.Min(TSimd.Broadcast(Largest), TSimd.Max(least, x));
        var shift = TSimd.Broadcast(Shift);
        var shifted = TSimd.MultiplyAdd(bounded, TSimd.Broadcast(1.44269504f), shift);
        var n = TSimd.Subtract(shifted, shift);
        var r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-High), bounded);
        r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-Low), r);

        var one = TSimd.Broadcast(1);
        var sum = TSimd.Broadcast(1f / 5040);
        sum = TSimd.MultiplyAdd(sum, r, TSimd.Broadcast(1f / 720));
        sum = TSimd.MultiplyAdd(sum, r, TSimd.Broadcast(1f / 120));
        sum = TSimd.MultiplyAdd(sum, r, TSimd.Broadcast(1f / 24));
        sum = TSimd.MultiplyAdd(sum, r, TSimd.Broadcast(1f / 6));
        sum = TSimd.MultiplyAdd(sum, r, TSimd.Broadcast(0.5f));
        sum = TSimd.MultiplyAdd(sum, r, one);
        sum = TSimd.MultiplyAdd(sum, r, one);
        return TSimd.ZeroWhereLess(x, least, TSimd.Multiply(sum, TSimd.PowerOfTwo(shifted)));
    }
}
