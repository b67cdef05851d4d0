using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Cpu;

/// <summary>A sequence whose keys and values lie in pages, some of them shared with other sequences and with blocks.</summary>
/// <param name="pool">Where pages come from.</param>
/// <param name="contextLength">Tokens that it holds at most.</param>
internal sealed class PagedSequence(KvPagePool pool, int contextLength) : KvSequence
{
    private readonly KvPage[] _pages = new KvPage[KvLayout.PagesFor(contextLength)];

    /// <summary>The pages, the first tokens first.</summary>
    public ReadOnlySpan<KvPage> Pages => _pages.AsSpan(0, Count);

    /// <summary>The adapter that computes it, or null.</summary>
    public LoraImage? Lora => (LoraImage?)Adapter;

    private int Count { get; set; }

    /// <summary>Whether it is open.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Begins with everything that another sequence holds.</summary>
    public void Share(PagedSequence source)
    {
        Length = source.Length;
        foreach (var page in source.Pages[..KvLayout.PagesFor(Length)])
        {
            _pages[Count++] = KvPagePool.Share(page);
        }
    }

    /// <summary>Makes room for more tokens: what they are written to, this sequence holds alone.</summary>
    public void Reserve(int tokens)
    {
        var inLast = Length % KvLayout.PageTokens;
        if (inLast > 0)
        {
            ref var last = ref _pages[Length / KvLayout.PageTokens];
            last = pool.Own(last);
        }

        for (var wanted = KvLayout.PagesFor(Length + tokens); Count < wanted; Count++)
        {
            _pages[Count] = pool.Take();
        }
    }

    /// <summary>Forgets the last tokens, and gives the pages back that held nothing else.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has fewer.</exception>
    public void Cut(int tokens)
    {
        if (tokens < 0 || tokens > Length)
        {
            throw new ArgumentOutOfRangeException(nameof(tokens), tokens, $"expected 0 to the {Length} that there are");
        }

        Truncate(KvLayout.PagesFor(tokens));
        Length = tokens;
    }

    /// <summary>Appends the first tokens of a block.</summary>
    /// <exception cref="ArgumentException">The block's tokens lie elsewhere in their pages than this sequence goes on.</exception>
    public void Append(PagedBlock block, int tokens)
    {
        var first = Length / KvLayout.PageTokens;
        if (Length % KvLayout.PageTokens != block.Offset)
        {
            throw new ArgumentException(
                $"the block begins at token {block.Offset} of a page: expected {Length % KvLayout.PageTokens}, where the sequence goes on",
                nameof(block));
        }

        // A page that begins before the block holds the same tokens there as this sequence's own.
        Truncate(first);
        foreach (var page in block.Pages.AsSpan(0, KvLayout.PagesFor(block.Offset + tokens)))
        {
            _pages[Count++] = KvPagePool.Share(page);
        }

        Length += tokens;
    }

    /// <summary>Tokens [start, start + count) as a block.</summary>
    public PagedBlock Save(int start, int count) =>
        new(pool, start % KvLayout.PageTokens, count, PagesOf(start, count));

    /// <summary>Pages of tokens [start, start + count) that no block holds.</summary>
    public int PagesOutsideBlocks(int start, int count)
    {
        var outside = 0;
        foreach (var page in PagesOf(start, count))
        {
            outside += page.Blocks == 0 ? 1 : 0;
        }

        return outside;
    }

    /// <summary>Gives all pages back.</summary>
    public void Close()
    {
        Truncate(0);
        Length = 0;
        IsOpen = false;
    }

    private ReadOnlySpan<KvPage> PagesOf(int start, int count) =>
        Pages[(start / KvLayout.PageTokens)..KvLayout.PagesFor(start + count)];

    private void Truncate(int pages)
    {
        while (Count > pages)
        {
            pool.Return(_pages[--Count]);
            _pages[Count] = null!;
        }
    }
}
