using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Native memory for weights. Streaming them at memory's rate needs large pages: with small ones the processor's prefetchers
/// stop at every 4 KiB. Linux gives them to memory for which they are asked (<c>madvise</c>); where it refuses, small pages do.
/// </summary>
internal static unsafe partial class PanelMemory
{
    // How far ahead of the arithmetic weights are asked for: some hundred nanoseconds at one row.
    private const int Distance = 2048;

    // Kernels read a few bytes beyond the last code.
    private const int Slack = 64;
    private const int LargePage = 2 << 20;
    private const int AdviseHugePage = 14;

    /// <summary>Reserves memory, aligned to 64 bytes at least.</summary>
    public static byte* Allocate(long bytes)
    {
        var large = OperatingSystem.IsLinux() && bytes >= LargePage;
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)(bytes + Slack), large ? (nuint)LargePage : 64);
        if (large)
        {
            _ = Advise(memory, (nuint)(bytes / LargePage * LargePage), AdviseHugePage);
        }

        new Span<byte>(memory + bytes, Slack).Clear();
        return memory;
    }

    /// <summary>Gives memory back.</summary>
    public static void Free(byte* memory) => NativeMemory.AlignedFree(memory);

    /// <summary>Asks for weights that are used soon. A hint: it may point beyond the memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ahead(byte* weights, int bytes)
    {
        if (Sse.IsSupported)
        {
            for (var line = 0; line < bytes; line += 64)
            {
                Sse.Prefetch0(weights + Distance + line);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
