using System.Runtime.CompilerServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>Half precision.</summary>
/// <param name="stored">Its bits.</param>
internal readonly unsafe struct F16Number(Half stored) : IPanelNumber
{
    /// <inheritdoc/>
    public static string Name => "float16";

    /// <inheritdoc/>
    public static GgufTensorType Stored => GgufTensorType.F16;

    /// <inheritdoc/>
    public float Value => (float)stored;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloats Load<TLanes, TInts, TFloats>(byte* from)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct => TLanes.LoadHalves(from);
}
