using System.Runtime.CompilerServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>The upper half of a single-precision number.</summary>
/// <param name="stored">Its bits.</param>
internal readonly unsafe struct BF16Number(ushort stored) : IPanelNumber
{
    /// <inheritdoc/>
    public static string Name => "bfloat16";

    /// <inheritdoc/>
    public static GgufTensorType Stored => GgufTensorType.BF16;

    /// <inheritdoc/>
    public float Value => BitConverter.UInt32BitsToSingle((uint)stored << 16);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloats Load<TLanes, TInts, TFloats>(byte* from)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct => TLanes.LoadUpperHalves(from);
}
