namespace O1Coder.Inference.Cpu;

/// <summary>
/// Turns floats into blocks of ggml's Q4_0 and Q8_0, by the rules of its <c>quantize_row_q4_0_ref</c> and
/// <c>quantize_row_q8_0_ref</c>, except that codes are chosen for the scale as it is stored, in half precision.
/// </summary>
internal static unsafe class BlockQuantizer
{
    /// <summary>One block of Q4_0: 18 bytes. The errors are those of <see cref="WeightPrecision.Int4"/>.</summary>
    /// <param name="values">32 weights.</param>
    /// <param name="stored">Receives the block.</param>
    /// <exception cref="ArgumentException">A weight is not finite, or too large for a half-precision scale.</exception>
    public static void ToQ40(float* values, byte* stored)
    {
        var extreme = Extreme(values);
        var scale = Scale(extreme / -8, extreme);
        *(Half*)stored = scale;
        var factor = scale == Half.Zero ? 0 : 1 / (float)scale;
        for (var i = 0; i < ActivationRows.Block / 2; i++)
        {
            stored[2 + i] = (byte)(Code(values[i]) | (Code(values[i + 16]) << 4));
        }

        int Code(float value) => Math.Clamp((int)((value * factor) + 8.5f), 0, 15);
    }

    /// <summary>One block of Q8_0: 34 bytes. The errors are those of <see cref="WeightPrecision.Int8"/>.</summary>
    /// <param name="values">32 weights.</param>
    /// <param name="stored">Receives the block.</param>
    /// <exception cref="ArgumentException">A weight is not finite, or too large for a half-precision scale.</exception>
    public static void ToQ80(float* values, byte* stored)
    {
        var extreme = Extreme(values);
        var scale = Scale(MathF.Abs(extreme) / 127, extreme);
        *(Half*)stored = scale;
        var factor = scale == Half.Zero ? 0 : 1 / (float)scale;
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            ((sbyte*)stored)[2 + i] = (sbyte)Math.Clamp(MathF.Round(values[i] * factor), -127, 127);
        }
    }

    private static float Extreme(float* values)
    {
        var extreme = 0f;
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException($"a weight is {values[i]}: expected a finite number");
            }

            extreme = MathF.Abs(values[i]) > MathF.Abs(extreme) ? values[i] : extreme;
        }

        return extreme;
    }

    private static Half Scale(float scale, float extreme) => Half.IsFinite((Half)scale)
        ? (Half)scale
        : throw new ArgumentException($"a weight is {extreme}: its scale {scale} is beyond half precision, expected at most {Half.MaxValue}");
}
