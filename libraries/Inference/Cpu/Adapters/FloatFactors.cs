using System.Runtime.CompilerServices;

namespace O1Coder.Inference.Cpu;

/// <summary>Factors as they come, float32: for the exact mode.</summary>
internal readonly unsafe struct FloatFactors : IFactorFormat
{
    /// <inheritdoc/>
    public static int Bytes => sizeof(float);

    /// <inheritdoc/>
    public static float Scale(float largest) => 1;

    /// <inheritdoc/>
    public static void Put(ReadOnlySpan<float> values, float scale, byte* codes) => values.CopyTo(new Span<float>(codes, values.Length));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TSimd, TVector>(byte* codes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Load((float*)codes);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Get(byte* code) => *(float*)code;
}
