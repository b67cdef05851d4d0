using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Caching;

/// <summary>An edge of the prefix tree: some tokens and their keys and values.</summary>
internal sealed class PrefixNode(PrefixNode? parent, int[] tokens, KvBlock? block)
{
    /// <summary>The path's earlier part; null at the root.</summary>
    public PrefixNode? Parent { get; set; } = parent;

    /// <summary>This edge's tokens.</summary>
    public int[] Tokens { get; set; } = tokens;

    /// <summary>Their keys and values; null at the root, and once they have been freed.</summary>
    public KvBlock? Block { get; set; } = block;

    /// <summary>Continuations by first token.</summary>
    public Dictionary<int, PrefixNode> Children { get; } = [];

    /// <summary>Claims on this edge or on one behind it; while there is one, it is not evicted and in no order.</summary>
    public int Claims { get; set; }

    /// <summary>How often a prompt began with it.</summary>
    public long Uses { get; set; }

    /// <summary>The next in <see cref="UseOrder"/> that was used earlier.</summary>
    public PrefixNode? Older { get; set; }

    /// <summary>The next in <see cref="UseOrder"/> that was used later.</summary>
    public PrefixNode? Newer { get; set; }
}
