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
    /// <summary>How many bytes ahead of the arithmetic codes are asked for: some hundred nanoseconds at one row.</summary>
    public const int Distance = 8192;

    // Kernels read a few bytes beyond the last code.
    private const int Slack = 64;
    private const int Line = 64;
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

    /// <summary>Asks for up to 1024 bytes that are used soon. A hint: they may lie beyond the memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ahead(byte* weights, int bytes)
    {
        if (!Sse.IsSupported || bytes == 0)
        {
            return;
        }

        Sse.Prefetch0(weights);
        if (bytes > 1 * Line)
        {
            Sse.Prefetch0(weights + (1 * Line));
        }

        if (bytes > 2 * Line)
        {
            Sse.Prefetch0(weights + (2 * Line));
        }

        if (bytes > 3 * Line)
        {
            Sse.Prefetch0(weights + (3 * Line));
        }

        if (bytes > 4 * Line)
        {
            Sse.Prefetch0(weights + (4 * Line));
        }

        if (bytes > 5 * Line)
        {
            Sse.Prefetch0(weights + (5 * Line));
        }

        if (bytes > 6 * Line)
        {
            Sse.Prefetch0(weights + (6 * Line));
        }

        if (bytes > 7 * Line)
        {
            Sse.Prefetch0(weights + (7 * Line));
        }

        if (bytes > 8 * Line)
        {
            Sse.Prefetch0(weights + (8 * Line));
        }

        if (bytes > 9 * Line)
        {
            Sse.Prefetch0(weights + (9 * Line));
        }

        if (bytes > 10 * Line)
        {
            Sse.Prefetch0(weights + (10 * Line));
        }

        if (bytes > 11 * Line)
        {
            Sse.Prefetch0(weights + (11 * Line));
        }

        if (bytes > 12 * Line)
        {
            Sse.Prefetch0(weights + (12 * Line));
        }

        if (bytes > 13 * Line)
        {
            Sse.Prefetch0(weights + (13 * Line));
        }

        if (bytes > 14 * Line)
        {
            Sse.Prefetch0(weights + (14 * Line));
        }

        if (bytes > 15 * Line)
        {
            Sse.Prefetch0(weights + (15 * Line));
        }
    }

    /// <summary>Asks for any number of bytes that are used soon. A hint: they may lie beyond the memory.</summary>
    public static void AheadAll(byte* start, long bytes)
    {
        if (Sse.IsSupported)
        {
            for (var end = start + bytes; start < end; start += Line)
            {
                Sse.Prefetch0(start);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
