using System.Runtime.CompilerServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>Half precision, exactly: in the order of <see cref="F32Format"/>.</summary>
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
    public static int LaneBytes => 2;

    /// <inheritdoc/>
    public static int InputBytes => 64;

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

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TFloats Low, TFloats High) Weights<TLanes, TInts, TFloats>(byte* codes)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct =>
        (TLanes.LoadHalves(codes), TLanes.LoadHalves(codes + 32));
}
