using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Caching;

/// <summary>
/// Keys and values of prompts by adapter and token path: for the model as it is and for each adapter a radix tree
/// (SGLang's RadixAttention, arXiv 2312.07104) whose edges are split where prompts part, so a prefix is found to the
/// token, and never one that another adapter computed. All together are bounded by bytes; the least recently used leaf goes
/// first. Finding and adding take time in the length of the prompt, evicting in the logarithm of the leaves. One thread
/// uses it.
/// </summary>
internal sealed class PrefixCache(IBackend backend, long maxBytes) : IDisposable
{
    // Evicted as a whole; 32 tokens of the embedded model take 0.8 MB.
    private const int BlockTokens = 32;

    private readonly PrefixNode _plain = new(null, [], null);
    private readonly Dictionary<BackendAdapter, PrefixNode> _adapted = [];
    private readonly SortedSet<PrefixNode> _leaves = new(Comparer<PrefixNode>.Create((a, b) => a.LastUsed.CompareTo(b.LastUsed)));
    private long _clock;

    /// <summary>Bytes of all blocks; at least what they occupy, as what several share is counted for each.</summary>
    public long Bytes { get; private set; }

    /// <summary>Loads the longest known prefix of a prompt, at most <paramref name="limit"/> tokens, and returns its length.</summary>
    public int Load(ReadOnlySpan<int> prompt, int limit, KvSequence sequence)
    {
        prompt = prompt[..Math.Min(limit, prompt.Length)];
        var found = 0;
        for (var node = Root(sequence.Adapter); found < prompt.Length && node.Children.TryGetValue(prompt[found], out var child); node = child)
        {
            var common = child.Tokens.AsSpan().CommonPrefixLength(prompt[found..]);
            backend.Load(sequence, child.Block!, common);
            Touch(child);
            found += common;
            if (common < child.Tokens.Length)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>Adds a path whose keys and values a sequence holds; what is known is not copied again.</summary>
    public void Add(ReadOnlySpan<int> path, KvSequence sequence)
    {
        var node = Root(sequence.Adapter);
        var at = 0;
        while (at < path.Length && node.Children.TryGetValue(path[at], out var child))
        {
            var common = child.Tokens.AsSpan().CommonPrefixLength(path[at..]);
            at += common;
            node = common == child.Tokens.Length || at == path.Length ? child : Split(child, common);
            Touch(node);
            if (common < child.Tokens.Length)
            {
                break;
            }
        }

        while (at < path.Length)
        {
            // Blocks end where pages do, so that neighbours share none.
            var count = Math.Min(BlockTokens - (at % BlockTokens), path.Length - at);
            if (!Fit(backend.BlockBytes(at, count), node))
            {
                return;
            }

            var block = backend.Save(sequence, at, count);
            Bytes += block.Bytes;
            var child = new PrefixNode(node, path.Slice(at, count).ToArray(), block);
            _leaves.Remove(node);
            node.Children.Add(path[at], child);
            Touch(child);
            node = child;
            at += count;
        }
    }

    /// <summary>Forgets what an adapter computed.</summary>
    public void Drop(BackendAdapter adapter)
    {
        if (!_adapted.Remove(adapter, out var root))
        {
            return;
        }

        var open = new Stack<PrefixNode>(root.Children.Values);
        while (open.TryPop(out var node))
        {
            _leaves.Remove(node);
            Bytes -= node.Block!.Bytes;
            node.Block.Dispose();
            foreach (var child in node.Children.Values)
            {
                open.Push(child);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_leaves.Min is { } leaf)
        {
            Remove(leaf);
        }
    }

    private PrefixNode Root(BackendAdapter? adapter)
    {
        if (adapter is null)
        {
            return _plain;
        }

        if (!_adapted.TryGetValue(adapter, out var root))
        {
            _adapted.Add(adapter, root = new PrefixNode(null, [], null));
        }

        return root;
    }

    // Makes room by evicting leaves, but never the one that is to be continued.
    private bool Fit(long bytes, PrefixNode end)
    {
        while (Bytes + bytes > maxBytes)
        {
            var oldest = _leaves.FirstOrDefault(leaf => leaf != end);
            if (oldest is null)
            {
                return false;
            }

            Remove(oldest);
        }

        return true;
    }

    private void Remove(PrefixNode leaf)
    {
        _leaves.Remove(leaf);
        Bytes -= leaf.Block!.Bytes;
        leaf.Block.Dispose();
        var parent = leaf.Parent!;
        parent.Children.Remove(leaf.Tokens[0]);
        if (parent.Children.Count == 0 && parent.Block is not null)
        {
            _leaves.Add(parent);
        }
    }

    // Cuts an edge in two and returns the upper one. Each gets a block of its own, so that either can be freed alone.
    private PrefixNode Split(PrefixNode node, int at)
    {
        using var block = node.Block!;
        var (first, rest) = (backend.Slice(block, 0, at), backend.Slice(block, at, block.Tokens - at));
        Bytes += first.Bytes + rest.Bytes - block.Bytes;
        var upper = new PrefixNode(node.Parent, node.Tokens[..at], first) { LastUsed = ++_clock };
        var lower = new PrefixNode(upper, node.Tokens[at..], rest) { LastUsed = node.LastUsed };
        foreach (var (token, child) in node.Children)
        {
            child.Parent = lower;
            lower.Children.Add(token, child);
        }

        node.Parent!.Children[upper.Tokens[0]] = upper;
        upper.Children.Add(lower.Tokens[0], lower);
        if (_leaves.Remove(node))
        {
            _leaves.Add(lower);
        }

        // Where both share a page, which is counted twice from here on, something else may have to go.
        Fit(0, upper);
        return upper;
    }

    private void Touch(PrefixNode node)
    {
        // The set orders by LastUsed, so a leaf must be out of it while that changes.
        var leaf = node.Children.Count == 0;
        if (leaf)
        {
            _leaves.Remove(node);
        }

        node.LastUsed = ++_clock;
        if (leaf)
        {
            _leaves.Add(node);
        }
    }
}
