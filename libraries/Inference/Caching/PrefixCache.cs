using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Caching;

/// <summary>
/// Keys and values of prompts by adapter and token path: for the model as it is and for each adapter a radix tree
/// (SGLang's RadixAttention, arXiv 2312.07104) whose edges are split where prompts part, so a prefix is found to the
/// token, and never one that another adapter computed. All together are bounded by bytes; the least recently used leaf goes
/// first, but nothing that is claimed. Finding, adding and claiming take time in the length of the prompt alone, evicting
/// constant time an edge. One thread uses it.
/// </summary>
/// <remarks>
/// The bound is on what blocks hold, a page that several hold being counted once, whether sequences hold it too or not.
/// Sequences hold at most their contexts beside it: a page that both hold is counted here as long as it is in the tree and
/// is theirs alone afterwards, so memory never exceeds this bound plus the contexts of all open sequences.
/// </remarks>
/// <param name="blocks">Makes, loads and frees blocks.</param>
/// <param name="maxBytes">The bound; 0 keeps nothing.</param>
internal sealed class PrefixCache(IKvBlocks blocks, long maxBytes) : IDisposable
{
    // Evicted as a whole: a page of the cpu back end.
    private const int BlockTokens = 16;

    // What has begun under an adapter of which nothing is known.
    private static readonly PrefixNode s_unknown = new(null, [], null);

    private readonly PrefixNode _plain = new(null, [], null);
    private readonly Dictionary<BackendAdapter, PrefixNode> _adapted = [];
    private readonly UseOrder _order = new();

    /// <summary>Bytes that all blocks together hold.</summary>
    public long Bytes { get; private set; }

    /// <summary>Edges of all trees.</summary>
    public int Edges { get; private set; }

    /// <summary>Loads the longest known prefix of a prompt, at most <paramref name="limit"/> tokens, and returns its length.</summary>
    public int Load(ReadOnlySpan<int> prompt, int limit, KvSequence sequence)
    {
        var end = Walk(prompt[..Math.Min(limit, prompt.Length)], sequence.Adapter, sequence, out var length, out _);
        for (var node = end; node.Block is not null; node = node.Parent!)
        {
            node.Uses++;
        }

        Touch(end);
        return length;
    }

    /// <summary>Keeps the longest known prefix of a prompt until the claim is disposed; what is not known yet is not kept.</summary>
    public PrefixClaim Claim(ReadOnlySpan<int> prompt, BackendAdapter? adapter)
    {
        var end = Walk(prompt, adapter, null, out var length, out _);
        Hold(end);
        return new PrefixClaim(this, end, length);
    }

    /// <summary>
    /// Adds a path whose keys and values a sequence holds; what is known is not held again. Where there is no room for all
    /// of it, its beginning is kept.
    /// </summary>
    /// <returns>The path's tokens that are kept.</returns>
    public int Add(ReadOnlySpan<int> path, KvSequence sequence)
    {
        if (maxBytes == 0)
        {
            return 0;
        }

        if (sequence.Adapter is { } adapter && !_adapted.ContainsKey(adapter))
        {
            _adapted.Add(adapter, new PrefixNode(null, [], null));
        }

        var node = Walk(path, sequence.Adapter, null, out var at, out var inLast);
        if (at < path.Length && inLast < node.Tokens.Length)
        {
            node = Split(node, inLast);
        }

        // What is about to be continued must not make room for its own continuation.
        Hold(node);
        try
        {
            if (at < path.Length && at % BlockTokens > 0 && node.Children.Count == 0)
            {
                at = Grow(node, path, at, sequence);
            }

            while (at < path.Length)
            {
                // Blocks end where pages do, so that neighbours share none.
                var count = Math.Min(BlockTokens - (at % BlockTokens), path.Length - at);
                if (!Fit(sequence, at, count))
                {
                    break;
                }

                var child = new PrefixNode(node, path.Slice(at, count).ToArray(), blocks.Save(sequence, at, count)) { Claims = 1 };
                Bytes += child.Block!.OwnBytes;
                Edges++;
                node.Children.Add(path[at], child);
                node = child;
                at += count;
            }
        }
        finally
        {
            Release(node);
        }

        return at;
    }

    /// <summary>
    /// The paths with which prompts began most often, more than once, each without those that go on from it: as many as have at
    /// most so many bytes, each counted whole.
    /// </summary>
    /// <param name="bytes">The bound.</param>
    public IReadOnlyList<(int[] Tokens, BackendAdapter? Adapter)> Hottest(long bytes)
    {
        var nodes = new List<(PrefixNode Node, int Length, BackendAdapter? Adapter)>();
        foreach (var (root, adapter) in _adapted.Select(one => (one.Value, (BackendAdapter?)one.Key)).Prepend((_plain, null)))
        {
            var open = new Stack<(PrefixNode Node, int Length)>([(root, 0)]);
            while (open.TryPop(out var at))
            {
                foreach (var child in at.Node.Children.Values.Where(child => child.Uses > 1))
                {
                    open.Push((child, at.Length + child.Tokens.Length));
                    nodes.Add((child, at.Length + child.Tokens.Length, adapter));
                }
            }
        }

        // No edge was used more often than the one before it: where that was left out, so is this.
        var ends = new Dictionary<PrefixNode, (int Length, BackendAdapter? Adapter)>();
        var left = bytes / blocks.BytesPerToken / BlockTokens;
        foreach (var (node, length, adapter) in nodes.OrderByDescending(one => one.Node.Uses).ThenBy(one => one.Length))
        {
            var goesOn = ends.ContainsKey(node.Parent!);
            var more = Blocks(length) - (goesOn ? Blocks(length - node.Tokens.Length) : 0);
            if (more <= left)
            {
                left -= more;
                ends.Remove(node.Parent!);
                ends.Add(node, (length, adapter));
            }
        }

        return [.. ends.OrderByDescending(end => end.Key.Uses).Select(end => (Path(end.Key, end.Value.Length), end.Value.Adapter))];

        static int Blocks(int tokens) => (tokens + BlockTokens - 1) / BlockTokens;
    }

    /// <summary>Forgets what an adapter computed. Claims on it come to nothing.</summary>
    public void Drop(BackendAdapter adapter)
    {
        if (_adapted.Remove(adapter, out var root))
        {
            Clear(root);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear(_plain);
        foreach (var root in _adapted.Values)
        {
            Clear(root);
        }

        _adapted.Clear();
    }

    /// <summary>Gives a claim on a path back; that is a use of the path.</summary>
    internal void Release(PrefixNode end)
    {
        for (var node = end; node.Block is not null; node = node.Parent!)
        {
            if (--node.Claims == 0)
            {
                _order.Add(node);
            }
        }
    }

    private static int[] Path(PrefixNode end, int length)
    {
        var path = new int[length];
        for (var node = end; node.Block is not null; node = node.Parent!)
        {
            length -= node.Tokens.Length;
            node.Tokens.CopyTo(path, length);
        }

        return path;
    }

    // The edge in which the known part of a path ends, the path's tokens up to there, and how many of them are the edge's.
    private PrefixNode Walk(ReadOnlySpan<int> path, BackendAdapter? adapter, KvSequence? into, out int length, out int inLast)
    {
        var node = adapter is null ? _plain : _adapted.GetValueOrDefault(adapter, s_unknown);
        (length, inLast) = (0, 0);
        while (inLast == node.Tokens.Length && length < path.Length && node.Children.TryGetValue(path[length], out var child))
        {
            inLast = child.Tokens.AsSpan().CommonPrefixLength(path[length..]);
            if (into is not null)
            {
                blocks.Load(into, child.Block!, inLast);
            }

            (node, length) = (child, length + inLast);
        }

        return node;
    }

    // The end first: so none is older than what lies behind it.
    private void Touch(PrefixNode end)
    {
        for (var node = end; node.Block is not null; node = node.Parent!)
        {
            if (node.Claims == 0)
            {
                _order.Remove(node);
                _order.Add(node);
            }
        }
    }

    private void Hold(PrefixNode end)
    {
        for (var node = end; node.Block is not null; node = node.Parent!)
        {
            if (node.Claims++ == 0)
            {
                _order.Remove(node);
            }
        }
    }

    // Makes room before anything is held. Counted anew each time: an evicted block may have shared the sequence's pages.
    private bool Fit(KvSequence sequence, int at, int count)
    {
        while (Bytes + blocks.BlockBytes(sequence, at, count) > maxBytes)
        {
            if (_order.Oldest is not { } leaf)
            {
                return false;
            }

            _order.Remove(leaf);
            leaf.Parent!.Children.Remove(leaf.Tokens[0]);
            Free(leaf);
        }

        return true;
    }

    private void Free(PrefixNode node)
    {
        Bytes -= node.Block!.OwnBytes;
        Edges--;
        node.Block.Dispose();
        node.Block = null;
    }

    private void Clear(PrefixNode root)
    {
        var open = new Stack<PrefixNode>(root.Children.Values);
        root.Children.Clear();
        while (open.TryPop(out var node))
        {
            if (node.Claims == 0)
            {
                _order.Remove(node);
            }

            Free(node);
            foreach (var child in node.Children.Values)
            {
                open.Push(child);
            }
        }
    }

    // Lengthens a leaf that ends inside a block, as far as the block goes; returns how far. Its last page was copied by whoever
    // went on from there, and the copy serves what it has and what follows.
    private int Grow(PrefixNode leaf, ReadOnlySpan<int> path, int at, KvSequence sequence)
    {
        var start = at - leaf.Tokens.Length;
        var count = Math.Min(BlockTokens - (start % BlockTokens), path.Length - start);
        if (!Fit(sequence, start, count))
        {
            return at;
        }

        var before = leaf.Block!.OwnBytes;
        using (leaf.Block)
        {
            leaf.Block = blocks.Save(sequence, start, count);
        }

        Bytes += leaf.Block.OwnBytes - before;
        leaf.Tokens = path.Slice(start, count).ToArray();
        return start + count;
    }

    // Cuts an edge in two and returns the upper one, which is new. Each gets a block of its own, so that the lower one can be
    // freed alone; together they hold what the one did.
    private PrefixNode Split(PrefixNode node, int at)
    {
        using var block = node.Block!;
        var upper = new PrefixNode(node.Parent, node.Tokens[..at], blocks.Slice(block, 0, at)) { Claims = node.Claims, Uses = node.Uses };
        node.Block = blocks.Slice(block, at, block.Tokens - at);
        node.Tokens = node.Tokens[at..];
        node.Parent!.Children[upper.Tokens[0]] = upper;
        node.Parent = upper;
        upper.Children.Add(node.Tokens[0], node);
        Edges++;
        if (upper.Claims == 0)
        {
            _order.Insert(upper, node);
        }

        return upper;
    }
}
