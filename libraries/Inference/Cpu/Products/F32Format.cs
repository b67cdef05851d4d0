using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>Single precision, exactly: per group of inputs, per place the sixteen outputs.</summary>
internal readonly unsafe struct F32Format : IPanelFormat
{
    /// <inheritdoc/>
    public static string Name => "float32";

    /// <inheritdoc/>
    public static GgufTensorType Stored => GgufTensorType.F32;

    /// <inheritdoc/>
    public static int ScaleBytes => 0;

    /// <inheritdoc/>
    public static int CodeBytes => 2048;

    /// <inheritdoc/>
    public static void Put(byte* stored, byte* scales, byte* codes, int lane)
    {
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            ((float*)codes)[(16 * Place(i)) + lane] = ((float*)stored)[i];
        }
    }

    /// <inheritdoc/>
    public static void Get(byte* scales, byte* codes, int lane, float* destination)
    {
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            destination[i] = ((float*)codes)[(16 * Place(i)) + lane];
        }
    }

    /// <summary>Where in a block an input lies, 0 to 31: group by group.</summary>
    internal static int Place(int input) => (8 * (input % 16 / 4)) + (4 * (input / 16)) + (input % 4);
}
