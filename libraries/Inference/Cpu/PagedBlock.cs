using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Some consecutive tokens' keys and values: the pages in which they lie, shared with whoever computed them. The first page
/// also holds the tokens before them, and the last one what came after.
/// </summary>
internal sealed class PagedBlock : KvBlock
{
    private readonly KvPagePool _pool;
    private bool _disposed;

    /// <summary>Shares pages.</summary>
    /// <param name="pool">Where they came from.</param>
    /// <param name="offset">The first token's place in the first page.</param>
    /// <param name="tokens">Tokens.</param>
    /// <param name="pages">The pages that hold them.</param>
    public PagedBlock(KvPagePool pool, int offset, int tokens, ReadOnlySpan<KvPage> pages)
        : base(tokens)
    {
        (_pool, Offset, Pages) = (pool, offset, pages.ToArray());
        foreach (var page in Pages)
        {
            pool.ShareWithBlock(page);
        }
    }

    /// <summary>The first token's place in the first page.</summary>
    public int Offset { get; }

    /// <summary>The pages.</summary>
    public KvPage[] Pages { get; }

    /// <inheritdoc/>
    public override long OwnBytes
    {
        get
        {
            var own = 0;
            foreach (var page in Pages)
            {
                own += page.Blocks == 1 ? 1 : 0;
            }

            return own * _pool.Layout.PageBytes;
        }
    }

    /// <summary>Tokens [start, start + count) as a block of their own.</summary>
    public PagedBlock Slice(int start, int count)
    {
        var first = (Offset + start) / KvLayout.PageTokens;
        var end = KvLayout.PagesFor(Offset + start + count);
        return new PagedBlock(_pool, (Offset + start) % KvLayout.PageTokens, count, Pages.AsSpan(first, end - first));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var page in Pages)
        {
            _pool.ReturnFromBlock(page);
        }
    }
}
