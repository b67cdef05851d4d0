using System.Runtime.CompilerServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Factors as 16-bit integers, in half the memory: for the fast mode, where reading the factors of several adapters takes most of
/// their time. Scale = largest magnitude / 32,767, so that a number is off by at most 1/65,534 of the largest of its rank.
/// </summary>
internal readonly unsafe struct ShortFactors : IFactorFormat
{
    /// <inheritdoc/>
    public static int Bytes => sizeof(short);

    /// <inheritdoc/>
    // Of numbers below 32,767 times the smallest float the scale would be 0, or a coarse one.
    public static float Scale(float largest) => MathF.Max(largest, 1e-30f) / short.MaxValue;

    /// <inheritdoc/>
    public static void Put(ReadOnlySpan<float> values, float scale, byte* codes)
    {
        for (var i = 0; i < values.Length; i++)
        {
            ((short*)codes)[i] = (short)MathF.Round(values[i] / scale);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TSimd, TVector>(byte* codes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.LoadShorts((short*)codes);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Get(byte* code) => *(short*)code;
}
