namespace O1Coder.Models;

/// <summary>
/// Byte-pair merging of one piece: the pair of lowest rank is merged first, of equal ones the leftmost. Short pieces by
/// searching them again and again, long ones in O(n log n) with a queue.
/// </summary>
/// <param name="merges">For a left and a right symbol (upper and lower 32 bits) the rank and what they make (the same).</param>
internal sealed class PieceMerger(Dictionary<ulong, ulong> merges)
{
    /// <summary>Symbols up to which searching is quicker than a queue.</summary>
    private const int ShortPiece = 40;

    private const ulong NoMerge = ulong.MaxValue;
    private const int None = -1;

    /// <summary>Two numbers of 32 bits as a key or value of the table of merges.</summary>
    public static ulong Pack(int upper, int lower) => ((ulong)(uint)upper << 32) | (uint)lower;

    /// <summary>Merges symbols in place.</summary>
    /// <returns>How many are left, at the beginning of <paramref name="symbols"/>.</returns>
    public int Merge(Span<int> symbols) => symbols.Length <= ShortPiece ? MergeBySearch(symbols) : MergeByQueue(symbols);

    private ulong Find(int left, int right) => merges.TryGetValue(Pack(left, right), out var merge) ? merge : NoMerge;

    private int MergeBySearch(Span<int> symbols)
    {
        Span<ulong> pairs = stackalloc ulong[ShortPiece];
        var count = symbols.Length;
        for (var i = 0; i + 1 < count; i++)
        {
            pairs[i] = Find(symbols[i], symbols[i + 1]);
        }

        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i < count - 1; i++)
            {
                best = pairs[i] >> 32 < pairs[best] >> 32 ? i : best;
            }

            if (pairs[best] == NoMerge)
            {
                break;
            }

            symbols[best] = (int)(uint)pairs[best];
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            count--;
            if (best + 1 < count)
            {
                pairs[(best + 2)..count].CopyTo(pairs[(best + 1)..]);
                pairs[best] = Find(symbols[best], symbols[best + 1]);
            }

            if (best > 0)
            {
                pairs[best - 1] = Find(symbols[best - 1], symbols[best]);
            }
        }

        return count;
    }

    /// <summary>The same with a queue; a symbol that was merged into its left neighbour is <see cref="None"/>.</summary>
    internal int MergeByQueue(Span<int> symbols)
    {
        var (list, next, previous) = (symbols.ToArray(), new int[symbols.Length], new int[symbols.Length]);
        var queue = new PriorityQueue<(int Position, int Merged), ulong>(list.Length);
        for (var i = 0; i < list.Length; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1 < list.Length ? i + 1 : None);
        }

        for (var i = 0; i < list.Length; i++)
        {
            Enqueue(i);
        }

        while (queue.TryDequeue(out var best, out _))
        {
            var left = best.Position;
            if (list[left] == None || next[left] == None ||
                Find(list[left], list[next[left]]) is var merge && (merge == NoMerge || (int)(uint)merge != best.Merged))
            {
                // One of the two has been merged with another meanwhile.
                continue;
            }

            var right = next[left];
            (list[left], list[right]) = (best.Merged, None);
            next[left] = next[right];
            if (next[left] != None)
            {
                previous[next[left]] = left;
                Enqueue(left);
            }

            Enqueue(previous[left]);
        }

        var count = 0;
        foreach (var symbol in list)
        {
            if (symbol != None)
            {
                symbols[count++] = symbol;
            }
        }

        return count;

        void Enqueue(int left)
        {
            if (left != None && next[left] != None && Find(list[left], list[next[left]]) is not NoMerge and var merge)
            {
                queue.Enqueue((left, (int)(uint)merge), (merge & 0xFFFF_FFFF_0000_0000) | (uint)left);
            }
        }
    }
}
