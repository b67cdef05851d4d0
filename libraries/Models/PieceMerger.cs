using System.Text;

namespace O1Coder.Models;

/// <summary>
/// Byte-level BPE of one piece in O(n log n): the pair of lowest rank is merged first, of equal ones the leftmost. Gives
/// what Microsoft.ML.Tokenizers gives, whose time grows with the square of a piece's length: 100,000 letters without a
/// space would take it a quarter of a minute.
/// </summary>
internal sealed class PieceMerger(Dictionary<(int Left, int Right), (int Rank, int Merged)> merges, int[] byteTokens)
{
    private const int None = -1;

    /// <summary>The tokens of a piece.</summary>
    public List<int> Encode(ReadOnlySpan<char> piece)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(piece)];
        Encoding.UTF8.GetBytes(piece, bytes);

        // A doubly linked list in arrays; a token that was merged into its left neighbour is None.
        var tokens = Array.ConvertAll(bytes, value => byteTokens[value]);
        var next = new int[tokens.Length];
        var previous = new int[tokens.Length];
        var queue = new PriorityQueue<(int Position, int Merged), (int Rank, int Position)>(tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1 < tokens.Length ? i + 1 : None);
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            Enqueue(i);
        }

        while (queue.TryDequeue(out var best, out _))
        {
            var left = best.Position;
            if (tokens[left] == None || next[left] == None ||
                !merges.TryGetValue((tokens[left], tokens[next[left]]), out var merge) || merge.Merged != best.Merged)
            {
                // One of the two has been merged with another meanwhile.
                continue;
            }

            var right = next[left];
            (tokens[left], tokens[right]) = (merge.Merged, None);
            next[left] = next[right];
            if (next[left] != None)
            {
                previous[next[left]] = left;
                Enqueue(left);
            }

            Enqueue(previous[left]);
        }

        return [.. tokens.Where(token => token != None)];

        void Enqueue(int left)
        {
            if (left != None && next[left] != None && merges.TryGetValue((tokens[left], tokens[next[left]]), out var merge))
            {
                queue.Enqueue((left, merge.Merged), (merge.Rank, left));
            }
        }
    }
}
