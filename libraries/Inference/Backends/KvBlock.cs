using System.Runtime.InteropServices;

namespace O1Coder.Inference.Backends;

/// <summary>Keys and values of a few consecutive tokens, outside any sequence; the layout is the back end's own.</summary>
internal sealed unsafe class KvBlock(int tokens, long bytes) : IDisposable
{
    /// <summary>Tokens held.</summary>
    public int Tokens { get; } = tokens;

    /// <summary>Bytes at <see cref="Address"/>.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Where they lie.</summary>
    public nint Address { get; private set; } = (nint)NativeMemory.AlignedAlloc((nuint)bytes, 64);

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree((void*)Address);
        Address = 0;
    }
}
