using System.Runtime.CompilerServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>Q4_1, exactly: sixteen half-precision scales, sixteen minima, then codes as Q4_0's. Value code·scale + minimum.</summary>
internal readonly unsafe struct Q41Format : IPanelFormat
{
    /// <inheritdoc/>
    public static string Name => "q4_1";

    /// <inheritdoc/>
    public static GgufTensorType Stored => GgufTensorType.Q4_1;

    /// <inheritdoc/>
    public static int ScaleBytes => 64;

    /// <inheritdoc/>
    public static int CodeBytes => 256;

    /// <inheritdoc/>
    public static int LaneBytes => 4;

    /// <inheritdoc/>
    public static int InputBytes => 1;

    /// <inheritdoc/>
    public static void Put(byte* stored, byte* scales, byte* codes, int lane)
    {
        ((ushort*)scales)[lane] = *(ushort*)stored;
        ((ushort*)scales)[16 + lane] = *(ushort*)(stored + sizeof(ushort));
        Q40Format.PutNibbles(stored + (2 * sizeof(ushort)), codes, lane);
    }

    /// <inheritdoc/>
    public static void Get(byte* scales, byte* codes, int lane, float* destination)
    {
        var (scale, minimum) = ((float)((Half*)scales)[lane], (float)((Half*)scales)[16 + lane]);
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            destination[i] = (Q40Format.Nibble(codes, lane, i) * scale) + minimum;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TFloats Low, TFloats High) Weights<TLanes, TInts, TFloats>(byte* codes)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct =>
        Q40Format.Weights<TLanes, TInts, TFloats>(codes);
}
