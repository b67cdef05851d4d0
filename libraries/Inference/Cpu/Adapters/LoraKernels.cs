using System.Runtime.Intrinsics;

namespace O1Coder.Inference.Cpu;

/// <summary>An adapter's two small products, in float32 and in a fixed order: an element's bits do not depend on its company.</summary>
internal abstract unsafe class LoraKernels
{
    /// <summary>Rows that factors are read once for.</summary>
    public const int RowsAtOnce = 4;

    /// <summary>The kernels for an instruction set: with factors as they come in the exact mode, as 16-bit integers in the fast one.</summary>
    public static LoraKernels For(KernelPath path, Precision precision) => path switch
    {
        KernelPath.Avx512Vnni or KernelPath.Avx512 => For<Simd512, Vector512<float>>(precision),
        KernelPath.Avx2 => For<Simd256, Vector256<float>>(precision),
        _ => For<Simd128, Vector128<float>>(precision),
    };

    /// <summary>Bytes of a factor's number.</summary>
    public abstract int Bytes { get; }

    /// <summary>The scale of numbers of which the largest magnitude is known.</summary>
    public abstract float Scale(float largest);

    /// <summary>Writes the codes of numbers.</summary>
    public abstract void Put(ReadOnlySpan<float> values, float scale, byte* codes);

    /// <summary>
    /// inner[row][rank] = Σ_k A[rank][k] · x[row][k] for some rows and ranks, with all that <see cref="Up"/> must be scaled by.
    /// </summary>
    /// <param name="factors">The factors.</param>
    /// <param name="firstRank">The first rank.</param>
    /// <param name="ranks">How many.</param>
    /// <param name="x">The first row, <see cref="LoraFactors.Inputs"/> numbers.</param>
    /// <param name="xStride">Floats to the next.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="inner">The first row's first rank that is computed.</param>
    /// <param name="innerStride">Floats to the next row's.</param>
    public abstract void Down(
        LoraFactors factors, int firstRank, int ranks, float* x, long xStride, int rows, float* inner, long innerStride);

    /// <summary>y[row][output] += Σ_r B[output][r] · inner[row][r] for some rows and some outputs of one tile; a sum is made before it is added.</summary>
    /// <param name="factors">The factors.</param>
    /// <param name="output">The first output.</param>
    /// <param name="count">How many.</param>
    /// <param name="inner">The first row's ranks, all of them.</param>
    /// <param name="innerStride">Floats to the next row's.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="y">The first row's first output.</param>
    /// <param name="yStride">Floats to the next row's.</param>
    public abstract void Up(LoraFactors factors, int output, int count, float* inner, long innerStride, int rows, float* y, long yStride);

    private static LoraKernels For<TSimd, TVector>(Precision precision)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        precision == Precision.Fast ? new LoraKernels<TSimd, TVector, ShortFactors>() : new LoraKernels<TSimd, TVector, FloatFactors>();
}
