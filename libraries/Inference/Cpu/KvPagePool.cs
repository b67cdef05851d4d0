using System.Runtime.InteropServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Pages of keys and values outside the managed heap (PagedAttention, arXiv 2309.06180): allocated when they are needed,
/// counted by who holds them, and kept for the next one when nobody does, up to a bound. One thread uses it.
/// </summary>
/// <param name="layout">What a page holds.</param>
/// <param name="spare">Free pages that are kept at most.</param>
internal sealed unsafe class KvPagePool(KvLayout layout, int spare) : IDisposable
{
    private const nuint Alignment = 64;
    private const int MadeAtOnce = 256;

    private readonly Stack<KvPage> _free = new(spare);

    // Pages without memory: made many at a time and kept, so that the managed heap does not grow by one for every few tokens.
    private readonly Stack<KvPage> _empty = new(MadeAtOnce);
    private int _made;
    private bool _disposed;

    /// <summary>What a page holds.</summary>
    public KvLayout Layout => layout;

    /// <summary>Pages that somebody holds.</summary>
    public int Held { get; private set; }

    /// <summary>Of them, those that a block holds, each counted once.</summary>
    public int InBlocks { get; private set; }

    /// <summary>Pages that were copied so far because one holder of several wrote to them.</summary>
    public long Copies { get; private set; }

    /// <summary>Free pages that are kept.</summary>
    public int Free => _free.Count;

    /// <summary>A page that nobody else holds; what is in it are numbers, but of no meaning.</summary>
    public KvPage Take()
    {
        if (!_free.TryPop(out var page))
        {
            page = Empty();
            page.Address = (float*)NativeMemory.AlignedAlloc((nuint)layout.PageBytes, Alignment);
            NativeMemory.Clear(page.Address, (nuint)layout.PageBytes);
        }

        page.Holders = 1;
        Held++;
        return page;
    }

    /// <summary>One more holds a page.</summary>
    public static KvPage Share(KvPage page)
    {
        page.Holders++;
        return page;
    }

    /// <summary>One more block holds a page.</summary>
    public void ShareWithBlock(KvPage page)
    {
        Share(page);
        InBlocks += page.Blocks++ == 0 ? 1 : 0;
    }

    /// <summary>One block fewer holds a page.</summary>
    public void ReturnFromBlock(KvPage page)
    {
        InBlocks -= --page.Blocks == 0 ? 1 : 0;
        Return(page);
    }

    /// <summary>A page with the same content that the caller alone holds, in place of one that it shares.</summary>
    public KvPage Own(KvPage page)
    {
        if (page.Holders == 1)
        {
            return page;
        }

        var copy = Take();
        Copies++;
        NativeMemory.Copy(page.Address, copy.Address, (nuint)layout.PageBytes);
        Return(page);
        return copy;
    }

    /// <summary>One fewer holds a page.</summary>
    public void Return(KvPage page)
    {
        if (--page.Holders > 0)
        {
            return;
        }

        Held--;
        if (!_disposed && _free.Count < spare)
        {
            _free.Push(page);
        }
        else
        {
            NativeMemory.AlignedFree(page.Address);
            page.Address = null;
            _empty.Push(page);
        }
    }

    private KvPage Empty()
    {
        if (_empty.Count == 0)
        {
            // All of them may come back at once.
            _empty.EnsureCapacity(_made += MadeAtOnce);
            for (var i = 0; i < MadeAtOnce; i++)
            {
                _empty.Push(new KvPage());
            }
        }

        return _empty.Pop();
    }

    /// <summary>Frees the pages that nobody holds; the others are freed when they are returned.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_free.TryPop(out var page))
        {
            NativeMemory.AlignedFree(page.Address);
        }
    }
}
