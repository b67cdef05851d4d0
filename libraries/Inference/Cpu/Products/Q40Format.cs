using System.Runtime.CompilerServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Q4_0, exactly: sixteen half-precision scales; then per group of inputs 64 bytes, byte 4·output + j holding inputs 4q + j
/// (low half) and 16 + 4q + j. Value (code − 8)·scale.
/// </summary>
internal readonly unsafe struct Q40Format : IPanelFormat
{
    /// <inheritdoc/>
    public static string Name => "q4_0";

    /// <inheritdoc/>
    public static GgufTensorType Stored => GgufTensorType.Q4_0;

    /// <inheritdoc/>
    public static int ScaleBytes => 32;

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
        PutNibbles(stored + sizeof(ushort), codes, lane);
    }

    /// <inheritdoc/>
    public static void Get(byte* scales, byte* codes, int lane, float* destination)
    {
        var scale = (float)((Half*)scales)[lane];
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            destination[i] = (Nibble(codes, lane, i) - 8) * scale;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TFloats Low, TFloats High) Weights<TLanes, TInts, TFloats>(byte* codes)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct
    {
        // Loaded from an input's byte on, its code is the lowest byte of every lane.
        var both = TLanes.Load(codes);
        return (TLanes.CentredNibble(both), TLanes.CentredHighNibble(both));
    }

    /// <summary>Puts the sixteen bytes of a block, byte i holding inputs i and i + 16, in their place.</summary>
    internal static void PutNibbles(byte* stored, byte* codes, int lane)
    {
        for (var group = 0; group < 4; group++)
        {
            *(uint*)(codes + (64 * group) + (4 * lane)) = *(uint*)(stored + (4 * group));
        }
    }

    /// <summary>One input's code.</summary>
    internal static int Nibble(byte* codes, int lane, int input)
    {
        int both = codes[(64 * (input % 16 / 4)) + (4 * lane) + (input % 4)];
        return input < 16 ? both & 15 : both >> 4;
    }
}
