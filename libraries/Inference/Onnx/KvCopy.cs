using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Onnx;

/// <summary>A block with memory of its own: [buffers, heads, tokens, head size], in the elements of the buffers.</summary>
/// <param name="memory">Where it lies: where the buffers do.</param>
/// <param name="tokens">Tokens held.</param>
/// <param name="bytes">Bytes to reserve.</param>
internal sealed class KvCopy(TensorMemory memory, int tokens, long bytes) : KvBlock(tokens)
{
    /// <summary>Where it lies.</summary>
    public nint Address { get; private set; } = memory.Allocate(bytes);

    /// <inheritdoc/>
    public override long OwnBytes => bytes;

    /// <inheritdoc/>
    public override void Dispose()
    {
        memory.Free(Address);
        Address = 0;
    }
}
