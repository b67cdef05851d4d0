using System.Runtime.CompilerServices;

namespace O1Coder.Inference.Cpu;

/// <summary>4- and 8-bit weights and 8-bit activations by <see cref="VnniCode"/>.</summary>
internal readonly unsafe struct VnniKernel<TFormat> : IPanelKernel
    where TFormat : struct, IPanelFormat
{
    private static readonly delegate* unmanaged<PanelTile*, void> s_kernel = VnniCode.Kernel<TFormat>();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in PanelTile tile)
    {
        fixed (PanelTile* pointer = &tile)
        {
            s_kernel(pointer);
        }
    }
}
