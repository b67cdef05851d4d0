namespace O1Coder.Inference.Backends;

/// <summary>Keys and values of a few consecutive tokens, outside any sequence; how they are held is the back end's own.</summary>
/// <param name="tokens">Tokens held.</param>
/// <param name="bytes">Bytes that they occupy.</param>
internal abstract class KvBlock(int tokens, long bytes) : IDisposable
{
    /// <summary>Tokens held.</summary>
    public int Tokens { get; } = tokens;

    /// <summary>Bytes that they occupy; what two blocks share counts in both.</summary>
    public long Bytes { get; } = bytes;

    /// <inheritdoc/>
    public abstract void Dispose();
}
