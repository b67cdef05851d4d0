namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>
/// Makes networks from patterns (after Thompson, CACM 1968). It stops as soon as the network grows over its limit, so a small
/// pattern that stands for a huge one costs little to refuse.
/// </summary>
internal sealed class NetworkBuilder
{
    private const int MostParts = 1 << 16;

    private readonly List<List<(byte Low, byte High, int Target)>> _edges = [];
    private readonly List<List<int>> _empty = [];
    private readonly List<List<(int Rule, int Behind)>> _calls = [];
    private readonly Dictionary<(byte Low, byte High, int Target), int> _tails = [];
    private int _parts;

    private NetworkBuilder()
    {
    }

    /// <summary>Makes the network of some rules.</summary>
    /// <param name="bodies">The rules' bodies.</param>
    /// <param name="root">The rule that an answer matches.</param>
    /// <exception cref="ConstraintException">The network would be too large.</exception>
    public static ConstraintNetwork Build(IReadOnlyList<PatternNode> bodies, int root)
    {
        var builder = new NetworkBuilder();
        var ends = bodies.Select(body => (First: builder.State(body), Last: builder.State(body))).ToArray();
        for (var rule = 0; rule < bodies.Count; rule++)
        {
            builder.Add(bodies[rule], ends[rule].First, ends[rule].Last);
        }

        return builder.Finish(ends, root);
    }

    private ConstraintNetwork Finish((int First, int Last)[] rules, int root)
    {
        var last = new bool[_edges.Count];
        foreach (var rule in rules)
        {
            last[rule.Last] = true;
        }

        var tail = Tails(last);
        var (classOf, byteOf) = Classes();
        return new ConstraintNetwork
        {
            Start = rules[root].First,
            Edges = [.. _edges.Select(edges => edges.ToArray())],
            Empty = [.. _empty.Select(targets => targets.ToArray())],
            Calls = [.. _calls.Select(calls =>
                calls.Select(call => (rules[call.Rule].First, tail[call.Behind] ? -1 : call.Behind)).ToArray())],
            Ends = last,
            ClassOf = classOf,
            ByteOf = byteOf,
        };
    }

    private int State(PatternNode node)
    {
        Count(node);
        _edges.Add([]);
        _empty.Add([]);
        _calls.Add([]);
        return _edges.Count - 1;
    }

    private void Count(PatternNode node)
    {
        if (++_parts > MostParts)
        {
            throw ConstraintException.At(node.Position, $"at most {MostParts} states and edges, which are passed");
        }
    }

    // Everything that leads from one state to another. Adds nothing into `from` and nothing out of `to`, so that parts may
    // share them.
    private void Add(PatternNode node, int from, int to)
    {
        Count(node);
        switch (node)
        {
            case PatternNode.Character character:
                AddCharacter(character, from, to);
                break;
            case PatternNode.Call call:
                _calls[from].Add((call.Rule, to));
                break;
            case PatternNode.Choice choice:
                foreach (var alternative in choice.Alternatives)
                {
                    Add(alternative, from, to);
                }

                break;
            case PatternNode.Sequence { Parts.Count: 0 }:
                _empty[from].Add(to);
                break;
            case PatternNode.Sequence sequence:
                for (var i = 0; i < sequence.Parts.Count; i++)
                {
                    var next = i == sequence.Parts.Count - 1 ? to : State(node);
                    Add(sequence.Parts[i], from, next);
                    from = next;
                }

                break;
            case PatternNode.Repetition repetition:
                AddRepetition(repetition, from, to);
                break;
        }
    }

    private void AddCharacter(PatternNode.Character character, int from, int to)
    {
        foreach (var sequence in Utf8Ranges.Of(character.Set))
        {
            // Characters that end in the same byte ranges share the states of these.
            var target = to;
            for (var i = sequence.Length - 1; i > 0; i--)
            {
                var (low, high) = sequence[i];
                if (!_tails.TryGetValue((low, high, target), out var state))
                {
                    state = State(character);
                    _edges[state].Add((low, high, target));
                    _tails.Add((low, high, target), state);
                }

                target = state;
            }

            Count(character);
            _edges[from].Add((sequence[0].Low, sequence[0].High, target));
        }
    }

    private void AddRepetition(PatternNode.Repetition repetition, int from, int to)
    {
        var copies = repetition.Most ?? repetition.Least;
        for (var i = 0; i < copies; i++)
        {
            // Behind the obligatory copies each state may leave at once, so that few are open at a time.
            if (i >= repetition.Least)
            {
                _empty[from].Add(to);
            }

            var next = i == copies - 1 && repetition.Most is not null ? to : State(repetition);
            var begin = from;
            if (repetition.Most is null && i == copies - 1)
            {
                // The last copy is the one that goes round: its states must be its own.
                begin = State(repetition);
                _empty[from].Add(begin);
                _empty[next].Add(begin);
            }

            Add(repetition.Part, begin, next);
            from = next;
        }

        if (repetition.Most is null && copies == 0)
        {
            var loop = State(repetition);
            _empty[from].Add(loop);
            Add(repetition.Part, loop, loop);
            from = loop;
        }

        if (repetition.Most is null or 0)
        {
            _empty[from].Add(to);
        }
    }

    // Whether nothing can follow in a state but its rule's end. Where that is missed, recursion takes more room, no more.
    private bool[] Tails(bool[] last)
    {
        var tail = new bool[last.Length];
        for (var round = 0; round < 3; round++)
        {
            for (var state = last.Length - 1; state >= 0; state--)
            {
                tail[state] = _edges[state].Count == 0 && _calls[state].Count == 0
                    && (last[state] || _empty[state].Count > 0) && _empty[state].TrueForAll(target => tail[target]);
            }
        }

        return tail;
    }

    private (byte[] ClassOf, byte[] ByteOf) Classes()
    {
        var begins = new bool[257];
        foreach (var (low, high, _) in _edges.SelectMany(edges => edges))
        {
            begins[low] = begins[high + 1] = true;
        }

        var classOf = new byte[256];
        var byteOf = new List<byte> { 0 };
        for (var value = 1; value < 256; value++)
        {
            if (begins[value])
            {
                byteOf.Add((byte)value);
            }

            classOf[value] = (byte)(byteOf.Count - 1);
        }

        return (classOf, [.. byteOf]);
    }
}
