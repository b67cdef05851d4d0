using System.Runtime.CompilerServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Q8_0, exactly: sixteen half-precision scales; then per group of inputs two times 64 bytes, byte 4·output + j of the first
/// holding input 4q + j, of the second input 16 + 4q + j, both 128 too large. Value (code − 128)·scale.
/// </summary>
internal readonly unsafe struct Q80Format : IPanelFormat
{
    /// <inheritdoc/>
    public static string Name => "q8_0";

    /// <inheritdoc/>
    public static GgufTensorType Stored => GgufTensorType.Q8_0;

    /// <inheritdoc/>
    public static int ScaleBytes => 32;

    /// <inheritdoc/>
    public static int CodeBytes => 512;

    /// <inheritdoc/>
    public static int LaneBytes => 4;

    /// <inheritdoc/>
    public static int InputBytes => 1;

    /// <inheritdoc/>
    public static void Put(byte* stored, byte* scales, byte* codes, int lane)
    {
        ((ushort*)scales)[lane] = *(ushort*)stored;
        var from = stored + sizeof(ushort);
        for (var group = 0; group < 4; group++)
        {
            var to = codes + (128 * group) + (4 * lane);
            *(uint*)to = *(uint*)(from + (4 * group)) ^ 0x80808080;
            *(uint*)(to + 64) = *(uint*)(from + 16 + (4 * group)) ^ 0x80808080;
        }
    }

    /// <inheritdoc/>
    public static void Get(byte* scales, byte* codes, int lane, float* destination)
    {
        var scale = (float)((Half*)scales)[lane];
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            int code = codes[(128 * (i % 16 / 4)) + (64 * (i / 16)) + (4 * lane) + (i % 4)];
            destination[i] = (code - 128) * scale;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TFloats Low, TFloats High) Weights<TLanes, TInts, TFloats>(byte* codes)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct
    {
        // As with Q4_0.
        return (TLanes.CentredByte(TLanes.Load(codes)), TLanes.CentredByte(TLanes.Load(codes + 64)));
    }
}
