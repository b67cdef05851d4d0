using System.Runtime.CompilerServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Sums over sixteen lanes, added up in one order whatever the vectors' width: narrower vectors stand for a part of the lanes
/// each. A sum in another order differs in its last bit, which moves the code of an activation that lies between two codes, and
/// with it a log-probability by tenths.
/// </summary>
/// <typeparam name="TSimd">The vectors' operations.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
internal static unsafe class SixteenLanes<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The lanes.</summary>
    public const int Count = 16;

    /// <summary>The sum of sixteen numbers: halves are added to each other until four are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(float* lanes)
    {
        if (TSimd.Count == 16)
        {
            return TSimd.Sum(TSimd.Load(lanes));
        }

        if (TSimd.Count == 8)
        {
            return TSimd.Sum(TSimd.Add(TSimd.Load(lanes), TSimd.Load(lanes + 8)));
        }

        return TSimd.Sum(TSimd.Add(
            TSimd.Add(TSimd.Load(lanes), TSimd.Load(lanes + 8)), TSimd.Add(TSimd.Load(lanes + 4), TSimd.Load(lanes + 12))));
    }

    /// <summary>Σ x[i]²: 32 elements at a time in two sums a lane, what is left one by one.</summary>
    public static float Squares(float* x, int count)
    {
        var lanes = stackalloc float[Count];
        var end = count - (count % (2 * Count));
        for (var lane = 0; lane < Count; lane += 2 * TSimd.Count)
        {
            // Two vectors of lanes, or one that has them all.
            var (even, odd, nextEven, nextOdd) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
            for (var i = lane; i < end; i += 2 * Count)
            {
                var (first, second) = (TSimd.Load(x + i), TSimd.Load(x + i + Count));
                even = TSimd.MultiplyAdd(first, first, even);
                odd = TSimd.MultiplyAdd(second, second, odd);
                if (TSimd.Count < Count)
                {
                    (first, second) = (TSimd.Load(x + i + TSimd.Count), TSimd.Load(x + i + Count + TSimd.Count));
                    nextEven = TSimd.MultiplyAdd(first, first, nextEven);
                    nextOdd = TSimd.MultiplyAdd(second, second, nextOdd);
                }
            }

            TSimd.Store(TSimd.Add(even, odd), lanes + lane);
            if (TSimd.Count < Count)
            {
                TSimd.Store(TSimd.Add(nextEven, nextOdd), lanes + lane + TSimd.Count);
            }
        }

        var sum = Sum(lanes);
        for (var i = end; i < count; i++)
        {
            sum = MathF.FusedMultiplyAdd(x[i], x[i], sum);
        }

        return sum;
    }
}
