using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// Which sequence is decoded in which row: rows 0 to the last without a gap, those of one adapter neighbours, so that each
/// adapter's are a batch where they lie.
/// </summary>
/// <param name="buffers">Keys and values; they are copied where a sequence moves.</param>
internal sealed class RowTable(KvBuffers buffers)
{
    private readonly List<RowSequence> _rows = [];

    /// <summary>Rows in use.</summary>
    public int Count => _rows.Count;

    /// <summary>The sequence of a row.</summary>
    public RowSequence this[int row] => _rows[row];

    /// <summary>Adds a sequence that begins with all that another holds, which may lie in any row.</summary>
    public RowSequence Fork(RowSequence source)
    {
        // The first row of each group behind moves to that group's end, which leaves a row free for this one.
        var end = _rows.FindLastIndex(row => row.Adapter == source.Adapter) + 1;
        end = end == 0 ? _rows.Count : end;
        var free = _rows.Count;
        _rows.Add(null!);
        while (free > end)
        {
            var first = _rows.FindIndex(row => row.Adapter == _rows[free - 1].Adapter);
            Move(first, free);
            free = first;
        }

        var fork = new RowSequence { Row = free, Length = source.Length, Adapter = source.Adapter };
        buffers.Copy(source.Row, free, source.Length);
        _rows[free] = fork;
        return fork;
    }

    /// <summary>Takes a sequence out.</summary>
    public void Remove(RowSequence sequence)
    {
        // The last row of the group fills the gap, then that of the next group, so that those in use stay neighbours.
        var free = sequence.Row;
        BackendAdapter? adapter = sequence.Adapter;
        while (true)
        {
            var last = _rows.FindLastIndex(row => row.Adapter == adapter);
            if (last != free)
            {
                Move(last, free);
                free = last;
            }

            if (free == _rows.Count - 1)
            {
                _rows.RemoveAt(free);
                return;
            }

            adapter = _rows[free + 1].Adapter;
        }
    }

    private void Move(int from, int to)
    {
        var sequence = _rows[from];
        buffers.Copy(from, to, sequence.Length);
        sequence.Row = to;
        _rows[to] = sequence;
    }
}
