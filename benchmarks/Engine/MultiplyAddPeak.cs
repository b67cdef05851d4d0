using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace O1Coder.Benchmarks;

/// <summary>
/// Loops of nothing but multiply-adds of 8-bit integers in registers: the ceiling of any product of quantised rows. What they
/// sum up may overflow; how fast is all that is asked.
/// </summary>
internal static class MultiplyAddPeak
{
    private const int Chains = 12;
    private const int Passes = 10_000_000;

    /// <summary>What can be run here: its multiply-adds, its instructions, and the loop.</summary>
    public static IEnumerable<(double Count, string Instructions, Func<object> Run)> Kinds
    {
        get
        {
            if (Avx512BW.IsSupported)
            {
                yield return (Count(64), "vpmaddubsw + vpaddw, 512 bits", () => Loop<Pairs512, Vector512<short>>());
            }

            if (AvxVnni.IsSupported)
            {
                yield return (Count(32), "vpdpbusd, 256 bits", () => Loop<Quadruples256, Vector256<int>>());
            }

            if (Avx2.IsSupported)
            {
                yield return (Count(32), "vpmaddubsw + vpaddw, 256 bits", () => Loop<Pairs256, Vector256<short>>());
            }

            if (Dp.IsSupported)
            {
                yield return (Count(16), "sdot, 128 bits", () => Loop<Quadruples128, Vector128<int>>());
            }

            yield return (Count(Vector<short>.Count), "16-bit products", () => Loop<Products, Vector<short>>());
        }
    }

    private static double Count(int each) => (double)Chains * Passes * each;

    // So many sums that none waits for its own last addition; each is an operand of its next, so that no pass can be left out.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TSum Loop<TKind, TSum>()
        where TKind : struct, IMultiplyAdd<TSum>
        where TSum : struct
    {
        TSum a = default, b = default, c = default, d = default, e = default, f = default;
        TSum g = default, h = default, i = default, j = default, k = default, l = default;
        for (var pass = 0; pass < Passes; pass++)
        {
            a = TKind.Add(a, a);
            b = TKind.Add(b, b);
            c = TKind.Add(c, c);
            d = TKind.Add(d, d);
            e = TKind.Add(e, e);
            f = TKind.Add(f, f);
            g = TKind.Add(g, g);
            h = TKind.Add(h, h);
            i = TKind.Add(i, i);
            j = TKind.Add(j, j);
            k = TKind.Add(k, k);
            l = TKind.Add(l, l);
        }

        // Only one value outlives the loop: those that live through a call would be stored in every pass.
        var (x, y, z) = (TKind.Add(TKind.Add(a, b), TKind.Add(c, d)), TKind.Add(TKind.Add(e, f), TKind.Add(g, h)), TKind.Add(TKind.Add(i, j), TKind.Add(k, l)));
        return TKind.Add(TKind.Add(x, y), z);
    }

    private interface IMultiplyAdd<TSum>
    {
        /// <summary>One instruction's multiply-adds, of ones and an operand's bytes, on top of a sum.</summary>
        static abstract TSum Add(TSum sum, TSum operand);
    }

    private readonly struct Pairs512 : IMultiplyAdd<Vector512<short>>
    {
        public static Vector512<short> Add(Vector512<short> sum, Vector512<short> operand) =>
            sum + Avx512BW.MultiplyAddAdjacent(Vector512<byte>.One, operand.AsSByte());
    }

    private readonly struct Pairs256 : IMultiplyAdd<Vector256<short>>
    {
        public static Vector256<short> Add(Vector256<short> sum, Vector256<short> operand) =>
            sum + Avx2.MultiplyAddAdjacent(Vector256<byte>.One, operand.AsSByte());
    }

    private readonly struct Quadruples256 : IMultiplyAdd<Vector256<int>>
    {
        public static Vector256<int> Add(Vector256<int> sum, Vector256<int> operand) =>
            AvxVnni.MultiplyWideningAndAdd(sum, Vector256<byte>.One, operand.AsSByte());
    }

    private readonly struct Quadruples128 : IMultiplyAdd<Vector128<int>>
    {
        public static Vector128<int> Add(Vector128<int> sum, Vector128<int> operand) => Dp.DotProduct(sum, Vector128<sbyte>.One, operand.AsSByte());
    }

    private readonly struct Products : IMultiplyAdd<Vector<short>>
    {
        public static Vector<short> Add(Vector<short> sum, Vector<short> operand) => sum + (operand * operand);
    }
}
