using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>Half precision, exactly: per group of inputs, per place the sixteen outputs.</summary>
internal readonly unsafe struct F16Format : IPanelFormat
{
    /// <inheritdoc/>
    public static string Name => "float16";

    /// <inheritdoc/>
    public static GgufTensorType Stored => GgufTensorType.F16;

    /// <inheritdoc/>
    public static int ScaleBytes => 0;

    /// <inheritdoc/>
    public static int CodeBytes => 1024;

    /// <inheritdoc/>
    public static void Put(byte* stored, byte* scales, byte* codes, int lane)
    {
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            ((Half*)codes)[(16 * F32Format.Place(i)) + lane] = ((Half*)stored)[i];
        }
    }

    /// <inheritdoc/>
    public static void Get(byte* scales, byte* codes, int lane, float* destination)
    {
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            destination[i] = (float)((Half*)codes)[(16 * F32Format.Place(i)) + lane];
        }
    }
}
