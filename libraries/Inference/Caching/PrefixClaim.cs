namespace O1Coder.Inference.Caching;

/// <summary>
/// Keeps a path in the cache for whoever waits for it or runs on it. Made by <see cref="PrefixCache.Claim"/>; only the thread
/// that uses the cache disposes it, once or more often.
/// </summary>
/// <param name="cache">The cache.</param>
/// <param name="node">The path's end.</param>
/// <param name="length">Its tokens.</param>
internal sealed class PrefixClaim(PrefixCache cache, PrefixNode node, int length) : IDisposable
{
    private PrefixNode? _node = node;

    /// <summary>Tokens that are kept.</summary>
    public int Length => length;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_node is not null)
        {
            cache.Release(_node);
            _node = null;
        }
    }
}
