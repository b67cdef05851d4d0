using System.Runtime.InteropServices;
using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Onnx;

/// <summary>A block with memory of its own: [buffers, heads, tokens, head size].</summary>
/// <param name="tokens">Tokens held.</param>
/// <param name="bytes">Bytes to reserve.</param>
internal sealed unsafe class KvCopy(int tokens, long bytes) : KvBlock(tokens)
{
    /// <summary>Where they lie.</summary>
    public nint Address { get; private set; } = (nint)NativeMemory.AlignedAlloc((nuint)bytes, 64);

    /// <inheritdoc/>
    public override long OwnBytes => bytes;

    /// <inheritdoc/>
    public override void Dispose()
    {
        NativeMemory.AlignedFree((void*)Address);
        Address = 0;
    }
}
