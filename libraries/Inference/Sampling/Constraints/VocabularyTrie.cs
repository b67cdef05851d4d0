using O1Coder.Models;

namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>
/// The bytes of all tokens as a tree, in the order in which it is walked: a node's subtree follows it, so a walk goes forward
/// through four arrays and skips what begins with bytes that cannot come. Special tokens are not in it: a constraint is about
/// text.
/// </summary>
internal sealed class VocabularyTrie
{
    private readonly byte[] _bytes;
    private readonly ushort[] _depths;
    private readonly int[] _ends;
    private readonly int[] _firstTokens;
    private readonly int[] _tokens;

    /// <summary>Makes the tree.</summary>
    /// <param name="tokenizer">Says which bytes a token stands for.</param>
    /// <param name="endOfTurn">Tokens that end a turn.</param>
    /// <param name="vocabulary">Width of a row of logits.</param>
    public VocabularyTrie(ITokenizer tokenizer, IReadOnlyList<int> endOfTurn, int vocabulary)
    {
        (Vocabulary, EndOfTurn) = (vocabulary, endOfTurn);
        _tokens = [.. Enumerable.Range(0, Math.Min(vocabulary, tokenizer.VocabularySize)).Where(IsText)];
        Array.Sort(_tokens, (left, right) => tokenizer.TokenBytes(left).Span.SequenceCompareTo(tokenizer.TokenBytes(right).Span));

        var (bytes, depths, firstTokens) = (new List<byte>(), new List<ushort>(), new List<int>());
        ReadOnlySpan<byte> before = [];
        for (var i = 0; i < _tokens.Length; i++)
        {
            var token = tokenizer.TokenBytes(_tokens[i]).Span;
            for (var depth = token.CommonPrefixLength(before); depth < token.Length; depth++)
            {
                bytes.Add(token[depth]);
                depths.Add((ushort)depth);

                // Nodes on the way have none of their own: their tokens would sort before this one.
                firstTokens.Add(i);
            }

            before = token;
        }

        // A node's tokens end where the next node's begin.
        firstTokens.Add(_tokens.Length);
        (_bytes, _depths, _firstTokens) = ([.. bytes], [.. depths], [.. firstTokens]);
        _ends = Ends(_depths);
        Depth = _depths.Length == 0 ? 0 : _depths.Max() + 1;

        bool IsText(int id) =>
            !tokenizer.IsSpecialToken(id) && !endOfTurn.Contains(id) && tokenizer.TokenBytes(id).Length is > 0 and <= ushort.MaxValue;
    }

    /// <summary>Width of a row of logits.</summary>
    public int Vocabulary { get; }

    /// <summary>Tokens that end a turn.</summary>
    public IReadOnlyList<int> EndOfTurn { get; }

    /// <summary>Bytes of the longest token.</summary>
    public int Depth { get; }

    /// <summary>Sets the bits of the tokens that can come in a state.</summary>
    /// <param name="automaton">Is walked together with the tree.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="path">Room for <see cref="Depth"/> + 1 states.</param>
    /// <param name="allowed">One bit a token, all 0.</param>
    /// <exception cref="ConstraintException">The automaton would grow too large.</exception>
    public void Allow(ConstraintAutomaton automaton, int state, Span<int> path, Span<ulong> allowed)
    {
        path[0] = state;
        for (var node = 0; node < _bytes.Length;)
        {
            var depth = _depths[node];
            var next = automaton.Step(path[depth], _bytes[node]);
            if (next == ConstraintAutomaton.Dead)
            {
                node = _ends[node];
                continue;
            }

            path[depth + 1] = next;
            for (var i = _firstTokens[node]; i < _firstTokens[node + 1]; i++)
            {
                allowed[_tokens[i] >> 6] |= 1UL << (_tokens[i] & 63);
            }

            node++;
        }
    }

    // [node]: the first node behind its subtree.
    private static int[] Ends(ushort[] depths)
    {
        var ends = new int[depths.Length];
        var open = new Stack<int>();
        for (var node = 0; node <= depths.Length; node++)
        {
            while (open.Count > 0 && (node == depths.Length || depths[open.Peek()] >= depths[node]))
            {
                ends[open.Pop()] = node;
            }

            open.Push(node);
        }

        return ends;
    }
}
