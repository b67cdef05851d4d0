using System.Runtime.Intrinsics;

namespace O1Coder.Inference.Cpu;

/// <summary>What is computed row by row between the products, in float32 and in a fixed order.</summary>
internal abstract unsafe class RowKernels
{
    /// <summary>The kernels for an instruction set.</summary>
    public static RowKernels For(KernelPath path) => path switch
    {
        KernelPath.Avx512Vnni or KernelPath.Avx512 => new RowKernels<Simd512, Vector512<float>>(),
        KernelPath.Avx2 => new RowKernels<Simd256, Vector256<float>>(),
        _ => new RowKernels<Simd128, Vector128<float>>(),
    };

    /// <summary>y = x / √(mean of x² + ε) · weight; y may be x.</summary>
    public abstract void Normalize(float* x, float* weight, float epsilon, int count, float* y);

    /// <summary>Adds one row to another.</summary>
    public abstract void Add(float* addend, int count, float* y);

    /// <summary>Turns the pairs (i, i + half) of a head by angles whose cosines and sines are given, and scales it.</summary>
    public abstract void Rotate(float* head, float* cosines, float* sines, int half, float scale);

    /// <summary>y = SiLU(gate) · up, SiLU(x) = x / (1 + e^−x).</summary>
    public abstract void Gate(float* gate, float* up, int count, float* y);

    /// <summary>y = e^((x − shift) · factor). Returns the sum of y.</summary>
    public abstract float Exp(float* x, int count, float shift, float factor, float* y);

    /// <summary>The largest element; anything where one is no number.</summary>
    public abstract float Largest(float* x, int count);
}
