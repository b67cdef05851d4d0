using O1Coder.Inference.Cpu;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>Pages that are shared, copied when they are written to, and counted.</summary>
public sealed unsafe class PagedSequenceTests : IDisposable
{
    private readonly KvPagePool _pool = new(new KvLayout(TinyModels.Uneven), spare: 3);

    [Fact]
    public void A_fork_shares_every_page_until_one_of_both_writes_to_the_last()
    {
        var source = Filled(40);
        var fork = Fork(source);
        Assert.Equal(source.Pages.ToArray(), fork.Pages.ToArray());
        Assert.Equal(3, _pool.Held);

        fork.Reserve(1);
        Assert.Equal(4, _pool.Held);
        Assert.Equal(source.Pages[..2].ToArray(), fork.Pages[..2].ToArray());
        Assert.NotSame(source.Pages[2], fork.Pages[2]);
        Assert.Equal(Content(source.Pages[2]), Content(fork.Pages[2]));

        // The source holds its page alone now and writes in place.
        var last = source.Pages[2];
        source.Reserve(1);
        Assert.Same(last, source.Pages[2]);

        source.Close();
        Assert.Equal(3, _pool.Held);
        fork.Close();
        Assert.Equal(0, _pool.Held);
        Assert.Equal(3, _pool.Free);
    }

    [Fact]
    public void A_fork_at_a_pages_end_copies_nothing()
    {
        var source = Filled(32);
        var fork = Fork(source);
        fork.Reserve(1);
        Assert.Equal(3, _pool.Held);
        Assert.Equal(source.Pages.ToArray(), fork.Pages[..2].ToArray());
        source.Close();
        fork.Close();
        Assert.Equal(0, _pool.Held);
    }

    [Fact]
    public void Blocks_are_the_pages_themselves_and_follow_each_other_inside_one()
    {
        var source = Filled(50);
        using var block = source.Save(5, 40);
        Assert.Equal(source.Pages[..3].ToArray(), block.Pages);
        Assert.Equal((5, 40, 3 * _pool.Layout.PageBytes), (block.Offset, block.Tokens, block.OwnBytes));
        using var first = source.Save(0, 5);
        using var second = block.Slice(0, 13);
        using var third = block.Slice(13, 27);
        Assert.Equal((5, 2), (second.Offset, second.Pages.Length));
        Assert.Equal((2, 2), (third.Offset, third.Pages.Length));
        Assert.Equal(4, _pool.Held);

        var loaded = new PagedSequence(_pool, 64);
        loaded.Append(first, 5);
        loaded.Append(second, 13);
        loaded.Append(third, 20);
        Assert.Equal(38, loaded.Length);
        Assert.Equal(source.Pages[..3].ToArray(), loaded.Pages.ToArray());
        Assert.Equal(4, _pool.Held);

        source.Close();
        loaded.Reserve(1);
        Assert.Equal(4, _pool.Held);
        Assert.NotSame(block.Pages[2], loaded.Pages[2]);
        loaded.Close();
        Assert.Equal(3, _pool.Held);
    }

    [Fact]
    public void A_block_that_begins_elsewhere_is_refused()
    {
        var source = Filled(20);
        using var block = source.Save(7, 10);
        var other = Filled(5);
        Assert.Contains(
            "begins at token 7 of a page: expected 5", Assert.Throws<ArgumentException>(() => other.Append(block, 10)).Message, StringComparison.Ordinal);
        source.Close();
        other.Close();
    }

    [Fact]
    public void Pages_outlive_the_pool_where_a_block_holds_them()
    {
        var pool = new KvPagePool(_pool.Layout, spare: 1);
        var source = new PagedSequence(pool, 64);
        source.Reserve(20);
        source.Length = 20;
        var block = source.Save(0, 20);
        source.Close();
        pool.Dispose();
        Assert.Equal(2, pool.Held);
        block.Dispose();
        block.Dispose();
        Assert.Equal((0, 0), (pool.Held, pool.Free));
    }

    public void Dispose() => _pool.Dispose();

    private PagedSequence Filled(int tokens)
    {
        var sequence = new PagedSequence(_pool, 64);
        sequence.Reserve(tokens);
        sequence.Length = tokens;
        for (var page = 0; page < sequence.Pages.Length; page++)
        {
            new Span<byte>(sequence.Pages[page].Address, (int)_pool.Layout.PageBytes).Fill((byte)(page + 1));
        }

        return sequence;
    }

    private PagedSequence Fork(PagedSequence source)
    {
        var fork = new PagedSequence(_pool, 64);
        fork.Share(source);
        return fork;
    }

    private byte[] Content(KvPage page) => new ReadOnlySpan<byte>(page.Address, (int)_pool.Layout.PageBytes).ToArray();
}
