namespace O1Coder.Learning.Transformer;

/// <summary>Rows laid one behind the other without padding; each attends to itself alone, its positions from 0.</summary>
internal sealed class PackedRows
{
    /// <summary>Lays rows out.</summary>
    /// <param name="rows">Token ids, and the places in the row at which a score is read, ascending.</param>
    public PackedRows(IReadOnlyList<(int[] Ids, int[] Places)> rows)
    {
        var tokens = rows.Sum(row => row.Ids.Length);
        Tokens = new long[tokens];
        Positions = new long[tokens];
        Starts = new int[rows.Count + 1];
        var places = new List<long>();
        var next = new List<long>();
        for (var i = 0; i < rows.Count; i++)
        {
            var (ids, read) = rows[i];
            var start = Starts[i];
            for (var j = 0; j < ids.Length; j++)
            {
                Tokens[start + j] = ids[j];
                Positions[start + j] = j;
            }

            foreach (var place in read)
            {
                places.Add(start + place);
                next.Add(place + 1 < ids.Length ? ids[place + 1] : 0);
            }

            Starts[i + 1] = start + ids.Length;
        }

        Places = [.. places];
        NextTokens = [.. next];
    }

    /// <summary>All rows' token ids.</summary>
    public long[] Tokens { get; }

    /// <summary>Each token's place in its row.</summary>
    public long[] Positions { get; }

    /// <summary>Where each row begins, and where the last ends.</summary>
    public int[] Starts { get; }

    /// <summary>Where scores are read, in <see cref="Tokens"/>.</summary>
    public long[] Places { get; }

    /// <summary>The token after each of <see cref="Places"/> in its row; 0 at a row's end.</summary>
    public long[] NextTokens { get; }
}
