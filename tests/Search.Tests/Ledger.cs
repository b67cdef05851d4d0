namespace O1Coder.Search.Tests;

/// <summary>
/// Plain book-keeping beside the library's, from the events alone: what is known of each node before a rollout, and which
/// nodes it has brought.
/// </summary>
internal sealed class Ledger
{
    public Dictionary<int, List<int>> Children { get; } = new() { [0] = [] };

    public Dictionary<int, NodeAdded> Added { get; } = [];

    /// <summary>How often a node was expanded before the rollout that is being checked.</summary>
    public Dictionary<int, int> Expansions { get; } = new() { [0] = 0 };

    public Dictionary<int, int> N { get; } = new() { [0] = 0 };

    public Dictionary<int, double> W { get; } = new() { [0] = 0 };

    public HashSet<int> New { get; } = [];

    public double Q(int node) => N[node] == 0 ? 0 : W[node] / N[node];

    public double Prior(int node, int expansions) => (Added[node].Prior ?? 0) / Math.Max(1, expansions);

    /// <summary>Takes an event; a finished rollout is checked first.</summary>
    public void Take(SearchEvent one, Action<RolloutFinished> check)
    {
        if (one is NodeAdded added)
        {
            Children[added.Parent].Add(added.Node);
            Added[added.Node] = added;
            (Children[added.Node], N[added.Node], W[added.Node]) = ([], 0, 0);
            New.Add(added.Node);
            Expansions[added.Node] = 0;
        }
        else if (one is RolloutFinished rollout)
        {
            check(rollout);
            for (var i = 0; i < rollout.Path.Count; i++)
            {
                N[rollout.Path[i]]++;
                W[rollout.Path[i]] += rollout.Values.Count == 0 ? rollout.Value : rollout.Values[i];
            }


            // One rollout expands a node at most once.
            foreach (var parent in New.Select(node => Added[node].Parent).ToHashSet())
            {
                Expansions[parent]++;
            }

            New.Clear();
        }
    }

    /// <summary>
    /// Checks that at every node that was there before, the way taken is the one with the largest score: an unfinished
    /// child, a finished one that was not tried, or new children (null), which stand for the finished ones that were.
    /// </summary>
    public void Follows(RolloutFinished rollout, int maxDepth, Func<int, int?, double> score)
    {
        for (var i = 0; i + 1 < rollout.Path.Count; i++)
        {
            var (here, taken) = (rollout.Path[i], rollout.Path[i + 1]);
            if (New.Contains(here))
            {
                return;
            }

            var known = Children[here].Where(child => !New.Contains(child)).ToList();
            bool Ends(int child) => Added[child].Terminal || Added[child].Depth >= maxDepth;
            var ways = known.Where(child => !Ends(child) || N[child] == 0).Select(child => (int?)child).ToList();
            if (ways.Count > 0 && Expansions[here] < 1 + Math.Sqrt(N[here]) && known.Any(child => Ends(child) && N[child] > 0))
            {
                ways.Add(null);
            }

            if (ways.Count == 0)
            {
                Assert.Contains(taken, New);
                continue;
            }

            int? way = New.Contains(taken) ? null : taken;
            var best = ways.Max(one => score(here, one));
            Assert.Contains(way, ways);
            Assert.Equal(best, score(here, way), 1e-9);
        }
    }

    /// <summary>Visits and mean value of the finished children that were tried.</summary>
    public (int N, double Q) Ended(int here, int maxDepth)
    {
        var ended = Children[here].Where(child => !New.Contains(child) && (Added[child].Terminal || Added[child].Depth >= maxDepth)).ToList();
        var n = ended.Sum(child => N[child]);
        return (n, n == 0 ? 0 : ended.Sum(child => W[child]) / n);
    }
}
