namespace O1Coder.Inference.Backends;

/// <summary>Keys and values of a few consecutive tokens, outside any sequence; how they are held is the back end's own.</summary>
/// <param name="tokens">Tokens held.</param>
internal abstract class KvBlock(int tokens) : IDisposable
{
    /// <summary>Tokens held.</summary>
    public int Tokens { get; } = tokens;

    /// <summary>Bytes that this block holds and no other block does; it changes with the others.</summary>
    public abstract long OwnBytes { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}
