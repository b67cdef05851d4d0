using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Caching;

/// <summary>An edge of the prefix tree: some tokens and their keys and values.</summary>
internal sealed class PrefixNode(PrefixNode? parent, int[] tokens, KvBlock? block)
{
    /// <summary>The path's earlier part; null at the root.</summary>
    public PrefixNode? Parent { get; set; } = parent;

    /// <summary>This edge's tokens.</summary>
    public int[] Tokens { get; } = tokens;

    /// <summary>Their keys and values; null at the root.</summary>
    public KvBlock? Block { get; } = block;

    /// <summary>Continuations by first token.</summary>
    public Dictionary<int, PrefixNode> Children { get; } = [];

    /// <summary>When the path was last used; unique among leaves, so that it orders them.</summary>
    public long LastUsed { get; set; }
}
