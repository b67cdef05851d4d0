using System.Runtime.CompilerServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>Single precision, exactly: inputs 0, 16, 1, 17, … of a block one after another, sixteen outputs of each.</summary>
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
    public static int LaneBytes => 4;

    /// <inheritdoc/>
    public static int InputBytes => 128;

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

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TFloats Low, TFloats High) Weights<TLanes, TInts, TFloats>(byte* codes)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct =>
        (TLanes.LoadFloats(codes), TLanes.LoadFloats(codes + 64));

    /// <summary>Where in a block an input lies, 0 to 31: 0, 16, 1, 17, …</summary>
    internal static int Place(int input) => (2 * (input % 16)) + (input / 16);
}
