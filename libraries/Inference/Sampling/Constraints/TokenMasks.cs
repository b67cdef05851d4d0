namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>
/// Which tokens a constraint allows after which text, remembered for the states that were met last. Safe for concurrent
/// callers. What it answers does not depend on what it was asked before.
/// </summary>
internal sealed class TokenMasks
{
    // 19 KB each with a vocabulary of 152,000.
    private const int MostMasks = 256;

    private readonly Lock _gate = new();
    private readonly ConstraintNetwork _network;
    private readonly VocabularyTrie _trie;
    private readonly int[] _path;
    private readonly Dictionary<int, LinkedListNode<(int State, ulong[] Mask)>> _masks = [];
    private readonly LinkedList<(int State, ulong[] Mask)> _byUse = [];
    private ConstraintAutomaton _automaton;

    /// <summary>Makes it with nothing remembered.</summary>
    /// <exception cref="ConstraintException">The constraint needs too many states.</exception>
    public TokenMasks(ConstraintNetwork network, VocabularyTrie trie)
    {
        (_network, _trie) = (network, trie);
        _path = new int[trie.Depth + 1];
        _automaton = new ConstraintAutomaton(network);
    }

    /// <summary>Masks that were computed, not found.</summary>
    public int Computed { get; private set; }

    /// <summary>64-bit words of a mask.</summary>
    public int Words => (_trie.Vocabulary + 63) / 64;

    /// <summary>One bit a token: those after which the answer can still be completed; those that end the turn if it is.</summary>
    /// <param name="cursor">Where the answer stands.</param>
    /// <param name="mask">Takes <see cref="Words"/> words: a copy, as what is remembered makes room for others.</param>
    public void Allowed(ConstraintCursor cursor, Span<ulong> mask)
    {
        lock (_gate)
        {
            if (_automaton.IsHalfFull)
            {
                Begin();
            }

            Find(cursor);
            if (_masks.TryGetValue(cursor.State, out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                known.Value.Mask.CopyTo(mask);
                return;
            }

            try
            {
                Compute(cursor.State, mask);
            }
            catch (ConstraintException)
            {
                // Once more with all the room there is, so that whether it fails depends on the answer alone.
                Begin();
                Find(cursor);
                Compute(cursor.State, mask);
            }

            Remember(cursor.State, mask);
        }
    }

    /// <summary>Goes on by some bytes; false if the answer can no longer match.</summary>
    public bool TryAdvance(ConstraintCursor cursor, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            Find(cursor);
            try
            {
                cursor.State = Walk(cursor.State, bytes);
            }
            catch (ConstraintException)
            {
                Begin();
                Find(cursor);
                cursor.State = Walk(cursor.State, bytes);
            }

            return cursor.State != ConstraintAutomaton.Dead;
        }
    }

    /// <summary>Whether the answer matches and nothing can be added.</summary>
    public bool IsComplete(ConstraintCursor cursor)
    {
        lock (_gate)
        {
            Find(cursor);
            return _automaton.IsComplete(cursor.State);
        }
    }

    private void Compute(int state, Span<ulong> mask)
    {
        mask.Clear();
        _trie.Allow(_automaton, state, _path, mask);
        if (_automaton.Accepts(state))
        {
            foreach (var token in _trie.EndOfTurn)
            {
                mask[token >> 6] |= 1UL << (token & 63);
            }
        }
    }

    // In the place of the one that was used least recently, where there are enough.
    private void Remember(int state, ReadOnlySpan<ulong> mask)
    {
        Computed++;
        var node = _byUse.Last;
        if (node is not null && _masks.Count == MostMasks)
        {
            _masks.Remove(node.Value.State);
            _byUse.Remove(node);
            node.Value = (state, node.Value.Mask);
        }
        else
        {
            node = new LinkedListNode<(int State, ulong[] Mask)>((state, new ulong[Words]));
        }

        mask.CopyTo(node.Value.Mask);
        _byUse.AddFirst(node);
        _masks.Add(state, node);
    }

    private void Begin()
    {
        _automaton = new ConstraintAutomaton(_network);
        _masks.Clear();
        _byUse.Clear();
    }

    private void Find(ConstraintCursor cursor)
    {
        if (cursor.Automaton != _automaton)
        {
            cursor.State = Walk(_automaton.Start, cursor.Read);
            cursor.Automaton = _automaton;
        }
    }

    private int Walk(int state, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (state == ConstraintAutomaton.Dead)
            {
                break;
            }

            state = _automaton.Step(state, value);
        }

        return state;
    }
}
