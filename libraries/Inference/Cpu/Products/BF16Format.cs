using System.Runtime.CompilerServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>The upper halves of single-precision numbers, exactly: in the order of <see cref="F32Format"/>.</summary>
internal readonly unsafe struct BF16Format : IPanelFormat
{
    /// <inheritdoc/>
    public static string Name => "bfloat16";

    /// <inheritdoc/>
    public static GgufTensorType Stored => GgufTensorType.BF16;

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
            ((ushort*)codes)[(16 * F32Format.Place(i)) + lane] = ((ushort*)stored)[i];
        }
    }

    /// <inheritdoc/>
    public static void Get(byte* scales, byte* codes, int lane, float* destination)
    {
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            destination[i] = BitConverter.UInt32BitsToSingle((uint)((ushort*)codes)[(16 * F32Format.Place(i)) + lane] << 16);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TFloats Low, TFloats High) Weights<TLanes, TInts, TFloats>(byte* codes)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct =>
        (TLanes.LoadUpperHalves(codes), TLanes.LoadUpperHalves(codes + 32));
}
