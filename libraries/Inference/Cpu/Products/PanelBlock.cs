using System.Runtime.CompilerServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// How the 32 outputs of a panel lie in one of its blocks: scales of the first sixteen, scales of the last sixteen, codes of the
/// first, codes of the last, each as its format says.
/// </summary>
internal static unsafe class PanelBlock
{
    /// <summary>Outputs that a format lays out together.</summary>
    public const int Half = 16;

    /// <summary>Bytes of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bytes<TFormat>()
        where TFormat : struct, IPanelFormat =>
        2 * (TFormat.ScaleBytes + TFormat.CodeBytes);

    /// <summary>Where the scales of some outputs begin.</summary>
    /// <param name="block">The block.</param>
    /// <param name="output">The first of them, 0 to 31.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Scales<TFormat>(byte* block, int output)
        where TFormat : struct, IPanelFormat =>
        block + (output / Half * TFormat.ScaleBytes) + (output % Half * 2);

    /// <summary>Where the codes of some outputs begin.</summary>
    /// <param name="block">The block.</param>
    /// <param name="output">The first of them, 0 to 31.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Codes<TFormat>(byte* block, int output)
        where TFormat : struct, IPanelFormat =>
        block + (2 * TFormat.ScaleBytes) + (output / Half * TFormat.CodeBytes) + (output % Half * TFormat.LaneBytes);

    /// <summary>Bytes from the scales of one vector of outputs to those of the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NextScales<TFormat>(int width)
        where TFormat : struct, IPanelFormat =>
        width == Half ? TFormat.ScaleBytes : 2 * width;

    /// <summary>Bytes from the codes of one vector of outputs to those of the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NextCodes<TFormat>(int width)
        where TFormat : struct, IPanelFormat =>
        width == Half ? TFormat.CodeBytes : TFormat.LaneBytes * width;
}
