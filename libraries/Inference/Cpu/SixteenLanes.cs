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

    /// <summary>Four sums Σ_k m_r[k] · x[k] at once, which reads x once.</summary>
    /// <param name="m0">The first row; the others follow it at a distance of <paramref name="inputs"/>.</param>
    /// <param name="inputs">Elements of a row.</param>
    /// <param name="x">What the rows are multiplied with.</param>
    /// <param name="y">Receives the four sums.</param>
    public static void FourDots(float* m0, int inputs, float* x, float* y)
    {
        var m1 = m0 + inputs;
        var m2 = m0 + (2L * inputs);
        var m3 = m0 + (3L * inputs);
        var lanes = stackalloc float[4 * Count];
        var end = inputs - (inputs % Count);
        for (var lane = 0; lane < Count; lane += TSimd.Count)
        {
            var (s0, s1, s2, s3) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
            for (var k = lane; k < end; k += Count)
            {
                var part = TSimd.Load(x + k);
                s0 = TSimd.MultiplyAdd(TSimd.Load(m0 + k), part, s0);
                s1 = TSimd.MultiplyAdd(TSimd.Load(m1 + k), part, s1);
                s2 = TSimd.MultiplyAdd(TSimd.Load(m2 + k), part, s2);
                s3 = TSimd.MultiplyAdd(TSimd.Load(m3 + k), part, s3);
            }

            TSimd.Store(s0, lanes + lane);
            TSimd.Store(s1, lanes + Count + lane);
            TSimd.Store(s2, lanes + (2 * Count) + lane);
            TSimd.Store(s3, lanes + (3 * Count) + lane);
        }

        y[0] = Sum(lanes) + Rest(m0, x, end, inputs);
        y[1] = Sum(lanes + Count) + Rest(m1, x, end, inputs);
        y[2] = Sum(lanes + (2 * Count)) + Rest(m2, x, end, inputs);
        y[3] = Sum(lanes + (3 * Count)) + Rest(m3, x, end, inputs);
    }

    /// <summary>Σ_k m[k] · x[k], to the bit as <see cref="FourDots"/> has it.</summary>
    public static float Dot(float* m, int inputs, float* x)
    {
        var lanes = stackalloc float[Count];
        var end = inputs - (inputs % Count);
        for (var lane = 0; lane < Count; lane += TSimd.Count)
        {
            var sum = TSimd.Zero;
            for (var k = lane; k < end; k += Count)
            {
                sum = TSimd.MultiplyAdd(TSimd.Load(m + k), TSimd.Load(x + k), sum);
            }

            TSimd.Store(sum, lanes + lane);
        }

        return Sum(lanes) + Rest(m, x, end, inputs);
    }

    private static float Rest(float* m, float* x, int from, int end)
    {
        var sum = 0f;
        for (var k = from; k < end; k++)
        {
            sum = MathF.FusedMultiplyAdd(m[k], x[k], sum);
        }

        return sum;
    }
}
