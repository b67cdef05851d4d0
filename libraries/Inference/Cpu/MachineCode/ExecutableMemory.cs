using System.Runtime.InteropServices;

namespace O1Coder.Inference.Cpu;

/// <summary>Puts machine code where it can be run: memory that is written first and made executable, and unwritable, then. Linux.</summary>
internal static unsafe partial class ExecutableMemory
{
    private const int Read = 1;
    private const int Write = 2;
    private const int Execute = 4;
    private const int Private = 2;
    private const int Anonymous = 0x20;

    /// <summary>Copies code and returns its address; it stays as long as the process.</summary>
    /// <returns>Null where the system does not allow it, as a hardened one may not.</returns>
    public static void* TryPlace(ReadOnlySpan<byte> code)
    {
        var memory = Map(null, (nuint)code.Length, Read | Write, Private | Anonymous, -1, 0);
        if ((nint)memory == -1)
        {
            return null;
        }

        code.CopyTo(new Span<byte>(memory, code.Length));
        if (Protect(memory, (nuint)code.Length, Read | Execute) == 0)
        {
            return memory;
        }

        _ = Unmap(memory, (nuint)code.Length);
        return null;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint bytes, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint bytes);
}
