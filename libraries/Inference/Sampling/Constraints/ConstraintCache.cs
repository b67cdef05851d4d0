namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>
/// The constraints that were used last, with what was learned of them, so that a thousand requests for one grammar find its
/// masks. Safe for concurrent callers.
/// </summary>
internal sealed class ConstraintCache(Func<VocabularyTrie> makeTrie)
{
    // At most 13 MB each.
    private const int Most = 8;

    private readonly Lock _gate = new();
    private readonly Lazy<VocabularyTrie> _trie = new(makeTrie);
    private readonly LinkedList<((ConstraintKind, string) Key, TokenMasks Masks)> _byUse = [];

    /// <summary>An answer's beginning.</summary>
    /// <exception cref="ConstraintException">The constraint needs too many states.</exception>
    public ConstraintCursor Begin(Constraint constraint)
    {
        var trie = _trie.Value;
        var key = (constraint.Kind, constraint.Text);
        lock (_gate)
        {
            var node = _byUse.First;
            while (node is not null && node.Value.Key != key)
            {
                node = node.Next;
            }

            if (node is null)
            {
                node = new LinkedListNode<((ConstraintKind, string) Key, TokenMasks Masks)>((key, new TokenMasks(constraint.Network, trie)));
                if (_byUse.Count == Most)
                {
                    _byUse.RemoveLast();
                }
            }
            else
            {
                _byUse.Remove(node);
            }

            _byUse.AddFirst(node);
            return new ConstraintCursor(node.Value.Masks);
        }
    }
}
