using System.Runtime.Intrinsics.X86;

namespace O1Coder.Inference.Cpu;

/// <summary>Which kernels this machine can run.</summary>
internal static class KernelPaths
{
    /// <summary>All that run here, worst to best.</summary>
    public static IReadOnlyList<KernelPath> Runnable { get; } = [.. Enum.GetValues<KernelPath>().Where(Runs)];

    /// <summary>The best that runs here.</summary>
    public static KernelPath Best => Runnable[^1];

    private static bool Runs(KernelPath path) => path switch
    {
        KernelPath.Vector128 => true,
        KernelPath.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        KernelPath.Avx512 => Avx512F.IsSupported && Avx512BW.IsSupported && Avx2.IsSupported && Fma.IsSupported,
        KernelPath.Avx512Vnni => Runs(KernelPath.Avx512) && VnniCode.IsSupported,
        _ => false,
    };
}
