namespace O1Coder.Inference.Caching;

/// <summary>
/// Edges from the least to the most recently used, linked through the edges themselves, so that every operation takes constant
/// time. Whoever uses a path puts its end in first and its beginning last; then no edge is older than one behind it, and the
/// oldest is always a leaf.
/// </summary>
internal sealed class UseOrder
{
    private PrefixNode? _newest;

    /// <summary>The least recently used, or null.</summary>
    public PrefixNode? Oldest { get; private set; }

    /// <summary>Puts an edge that is not in it behind all others.</summary>
    public void Add(PrefixNode node) => Insert(node, _newest);

    /// <summary>Puts an edge that is not in it right behind one that is, or in front of all where that is null.</summary>
    public void Insert(PrefixNode node, PrefixNode? older)
    {
        (node.Older, node.Newer) = (older, older is null ? Oldest : older.Newer);
        if (older is null)
        {
            Oldest = node;
        }
        else
        {
            older.Newer = node;
        }

        if (node.Newer is null)
        {
            _newest = node;
        }
        else
        {
            node.Newer.Older = node;
        }
    }

    /// <summary>Takes an edge out.</summary>
    public void Remove(PrefixNode node)
    {
        if (node.Older is null)
        {
            Oldest = node.Newer;
        }
        else
        {
            node.Older.Newer = node.Newer;
        }

        if (node.Newer is null)
        {
            _newest = node.Older;
        }
        else
        {
            node.Newer.Older = node.Older;
        }

        (node.Older, node.Newer) = (null, null);
    }
}
