using System.Numerics;

namespace O1Coder.Search;

/// <summary>
/// Enhanced Borda count (LLaMA-Berry, Zhang et al. 2024, arXiv 2410.02884, section 2.4): solutions are ranked by how many
/// others they beat, directly or by way of others. M_ij = 1 where P(i ≻ j) ≥ 0.5; C is M's transitive closure; Borda(i) =
/// Σ_j C_ij; equal counts are told apart by P(i ≻ j) &gt; P(j ≻ i), with more than two of them by how many of the equal ones
/// are beaten in that way; Q_g(i) = 1 − (rank(i) − 1)/(|V| − 1). A cycle in M makes a solution reach itself, which does not
/// count.
/// <para>
/// The paper closes M by Floyd and Warshall's algorithm for each ranking, |V|³; here each new entry of M extends the closure
/// that is there, |V|²/64 at most and nothing where C has the entry already.
/// </para>
/// </summary>
internal sealed class BordaRanking
{
    private readonly Dictionary<int, int> _places = [];
    private readonly List<List<ulong>> _reached = [];
    private readonly HashSet<(int Winner, int Loser)> _preferred = [];

    /// <summary>|V|.</summary>
    public int Count => _reached.Count;

    /// <summary>Takes in a solution that nothing is known of yet.</summary>
    public void Add(int node)
    {
        _places.Add(node, _reached.Count);
        _reached.Add([]);
    }

    /// <summary>Takes in a comparison of two solutions.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">Another.</param>
    /// <param name="preference">P(first ≻ second), in [0, 1].</param>
    public void Compare(int first, int second, double preference)
    {
        var (i, j) = (_places[first], _places[second]);
        if (preference >= 0.5)
        {
            Prefer(i, j);
        }

        if (1 - preference >= 0.5)
        {
            Prefer(j, i);
        }

        if (preference != 0.5)
        {
            _preferred.Add(preference > 0.5 ? (i, j) : (j, i));
        }
    }

    /// <summary>C_ij: whether one solution beats another, directly or by way of others.</summary>
    public bool Beats(int first, int second) =>
        _places.TryGetValue(first, out var i) && _places.TryGetValue(second, out var j) && Reaches(i, j);

    /// <summary>Q_g of each of some solutions, in [0, 1]; 1 where there is no other.</summary>
    public IReadOnlyList<double> QuantilesOf(IReadOnlyList<int> nodes)
    {
        var counts = new int[Count];
        for (var i = 0; i < Count; i++)
        {
            counts[i] = _reached[i].Sum(BitOperations.PopCount) - (Reaches(i, i) ? 1 : 0);
        }

        return [.. nodes.Select(node => Count == 1 ? 1 : 1 - ((RankOf(_places[node], counts) - 1.0) / (Count - 1)))];
    }

    private int RankOf(int place, int[] counts)
    {
        var equals = new List<int>();
        var rank = 1;
        for (var i = 0; i < Count; i++)
        {
            if (counts[i] > counts[place])
            {
                rank++;
            }
            else if (counts[i] == counts[place])
            {
                equals.Add(i);
            }
        }

        int Won(int one) => equals.Count(other => _preferred.Contains((one, other)));
        var won = Won(place);
        return rank + equals.Count(other => Won(other) > won);
    }

    private void Prefer(int i, int j)
    {
        if (Reaches(i, j))
        {
            return;
        }

        for (var u = 0; u < Count; u++)
        {
            if (u == i || Reaches(u, i))
            {
                Reach(u, j);
            }
        }
    }

    // Whoever reaches i now reaches j and all that j reaches.
    private void Reach(int u, int j)
    {
        var (mine, others) = (_reached[u], _reached[j]);
        while (mine.Count < Math.Max(others.Count, (j / 64) + 1))
        {
            mine.Add(0);
        }

        for (var k = 0; k < others.Count; k++)
        {
            mine[k] |= others[k];
        }

        mine[j / 64] |= 1UL << (j % 64);
    }

    private bool Reaches(int i, int j) => j / 64 < _reached[i].Count && (_reached[i][j / 64] >> (j % 64) & 1) != 0;
}
