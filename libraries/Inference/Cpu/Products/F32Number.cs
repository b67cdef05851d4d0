using System.Runtime.CompilerServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>Single precision.</summary>
/// <param name="stored">Its bits.</param>
internal readonly unsafe struct F32Number(float stored) : IPanelNumber
{
    /// <inheritdoc/>
    public static string Name => "float32";

    /// <inheritdoc/>
    public static GgufTensorType Stored => GgufTensorType.F32;

    /// <inheritdoc/>
    public float Value => stored;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloats Load<TLanes, TInts, TFloats>(byte* from)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct => TLanes.LoadFloats(from);
}
