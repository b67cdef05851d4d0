using O1Coder.Search;

namespace O1Coder.Benchmarks;

/// <summary>
/// A tree in the layout of mctx: arrays of visits, values, priors and child indices by node. Built from a finished search, it
/// makes the same descents by PUCT as <see cref="PuctSelection"/> does on linked nodes, as the plainest loop over arrays does
/// it: the peer that selection is measured against.
/// </summary>
internal sealed class FlatTree
{
    private readonly int[] _first;
    private readonly int[] _count;
    private readonly int[] _children;
    private readonly int[] _visits;
    private readonly double[] _values;
    private readonly double[] _priors;
    private readonly bool[] _ends;

    public FlatTree(SearchTree tree)
    {
        var nodes = tree.Nodes;
        (_first, _count, _visits, _values, _priors, _ends) =
            (new int[nodes.Count], new int[nodes.Count], new int[nodes.Count], new double[nodes.Count], new double[nodes.Count], new bool[nodes.Count]);
        _children = new int[Math.Max(0, nodes.Count - 1)];
        var place = 0;
        foreach (var node in nodes)
        {
            var at = node.Number;
            (_first[at], _count[at]) = (place, node.Children.Count);
            (_visits[at], _values[at], _ends[at]) = (node.Visits, node.Value, node.Terminal);
            _priors[at] = (node.Prior ?? 0) / Math.Max(1, node.Parent?.Expansions ?? 1);
            foreach (var child in node.Children)
            {
                _children[place++] = child.Number;
            }
        }
    }

    /// <summary>One descent; every node on the way gets a visit. Returns the number of children that were scored.</summary>
    public int Descend()
    {
        var (node, looked) = (0, 0);
        while (true)
        {
            _visits[node]++;
            var parent = _visits[node];
            var weight = (Math.Log((1 + parent + 19652.0) / 19652) + 1.25) * Math.Sqrt(parent);
            var (best, bestScore) = (-1, double.NegativeInfinity);
            for (var i = _first[node]; i < _first[node] + _count[node]; i++)
            {
                var child = _children[i];
                if (_ends[child])
                {
                    continue;
                }

                looked++;

                var score = _values[child] + (weight * _priors[child] / (1 + _visits[child]));
                if (score > bestScore)
                {
                    (best, bestScore) = (child, score);
                }
            }

            if (best < 0)
            {
                return looked;
            }

            node = best;
        }
    }
}
