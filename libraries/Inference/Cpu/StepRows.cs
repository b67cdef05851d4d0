using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// The rows of a step: sequences of one adapter, and among them those that share pages, lie side by side. Afterwards those
/// whose results are not wanted can be left out.
/// </summary>
/// <param name="maxRows">Rows of a step at most.</param>
/// <param name="maxResults">Rows of logits and hidden states at most.</param>
/// <param name="contextLength">Tokens of a sequence at most.</param>
internal sealed class StepRows(int maxRows, int maxResults, int contextLength)
{
    private readonly RowPlace[] _places = new RowPlace[maxRows];
    private readonly int[] _order = new int[maxRows];
    private readonly int[] _rowOf = new int[maxRows];
    private readonly int[] _sources = new int[maxResults];
    private readonly bool[] _wanted = new bool[maxRows];
    private int _results;

    /// <summary>Rows that are computed.</summary>
    public int Count { get; private set; }

    /// <summary>Where they belong.</summary>
    public ReadOnlySpan<RowPlace> Places => _places.AsSpan(0, Count);

    /// <summary>The row that each row of logits, and then of hidden states, is made of.</summary>
    public ReadOnlySpan<int> ResultSources => _sources.AsSpan(0, _results);

    /// <summary>Makes room in the sequences, and lays the rows out.</summary>
    /// <exception cref="ArgumentException">The parts are none that a step can have; one line says how.</exception>
    public void Arrange(
        ReadOnlySpan<StepPart> parts, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows, ReadOnlySpan<int> hiddenRows)
    {
        if (tokens.Length > maxRows || parts.Length > maxRows || logitRows.Length + hiddenRows.Length > maxResults)
        {
            throw new ArgumentException(
                $"the step has {tokens.Length} tokens and {logitRows.Length + hiddenRows.Length} rows of logits and hidden states: "
                + $"expected at most {maxRows} and {maxResults}",
                nameof(tokens));
        }

        var count = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            if (part.Count < 1 || part.FirstToken < 0 || part.FirstToken > tokens.Length - part.Count)
            {
                throw new ArgumentException(
                    $"part {i} has {part.Count} tokens from {part.FirstToken} on: expected at least 1 within the {tokens.Length}", nameof(parts));
            }

            if (part.Sequence.Length > contextLength - part.Count)
            {
                throw new ArgumentException(
                    $"part {i} makes a sequence of {part.Sequence.Length + part.Count} tokens: expected at most {contextLength}", nameof(parts));
            }

            count += part.Count;
        }

        if (count != tokens.Length)
        {
            throw new ArgumentException($"the parts have {count} tokens: expected all {tokens.Length}, each once", nameof(parts));
        }

        foreach (var part in parts)
        {
            ((PagedSequence)part.Sequence).Reserve(part.Count);
        }

        Sort(parts);
        Count = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[_order[i]];
            var sequence = (PagedSequence)part.Sequence;
            for (var token = part.FirstToken; token < part.FirstToken + part.Count; token++, Count++)
            {
                _places[Count] = new RowPlace(sequence, sequence.Length + token - part.FirstToken, tokens[token]);
                _rowOf[token] = Count;
            }
        }

        _results = 0;
        foreach (var token in logitRows)
        {
            _sources[_results++] = _rowOf[token];
        }

        foreach (var token in hiddenRows)
        {
            _sources[_results++] = _rowOf[token];
        }
    }

    /// <summary>The rows that results are wanted of, ascending, move up to the front.</summary>
    /// <param name="move">Moves what the caller has of a row.</param>
    /// <returns>Whether rows were left out.</returns>
    public bool KeepWanted(Action<int, int> move)
    {
        var wanted = _wanted.AsSpan(0, Count);
        wanted.Clear();
        foreach (var row in ResultSources)
        {
            wanted[row] = true;
        }

        var kept = 0;
        for (var row = 0; row < wanted.Length; row++)
        {
            if (wanted[row])
            {
                if (kept < row)
                {
                    _places[kept] = _places[row];
                    move(row, kept);
                }

                _rowOf[row] = kept++;
            }
        }

        if (kept == Count)
        {
            return false;
        }

        foreach (ref var source in _sources.AsSpan(0, _results))
        {
            source = _rowOf[source];
        }

        Count = kept;
        return true;
    }

    /// <summary>Forgets the sequences.</summary>
    public void Clear()
    {
        Array.Clear(_places);
        Count = 0;
    }

    // By insertion: parts are few, and mostly in order from the step before.
    private void Sort(ReadOnlySpan<StepPart> parts)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            var at = i;
            for (; at > 0; at--)
            {
                var order = Compare((PagedSequence)parts[i].Sequence, (PagedSequence)parts[_order[at - 1]].Sequence);
                if (order == 0)
                {
                    throw new ArgumentException($"parts {_order[at - 1]} and {i} are of one sequence: expected each once", nameof(parts));
                }

                if (order > 0)
                {
                    break;
                }

                _order[at] = _order[at - 1];
            }

            _order[at] = i;
        }
    }

    // By adapter, then by the first page that they do not share. What a sequence is about to write to is its own.
    private static unsafe int Compare(PagedSequence left, PagedSequence right)
    {
        if (left == right)
        {
            return 0;
        }

        if (left.Lora != right.Lora)
        {
            return (left.Lora?.Order ?? 0).CompareTo(right.Lora?.Order ?? 0);
        }

        var first = left.Pages;
        var second = right.Pages;
        var page = 0;
        while (page < first.Length && page < second.Length && first[page] == second[page])
        {
            page++;
        }

        return page < first.Length && page < second.Length
            ? ((nint)first[page].Address).CompareTo((nint)second[page].Address)
            : first.Length.CompareTo(second.Length);
    }
}
