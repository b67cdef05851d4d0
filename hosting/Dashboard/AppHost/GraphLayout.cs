using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>
/// Places for a graph in layers (after Sugiyama, Tagawa and Toda 1981): a resource stands left of everything that it needs,
/// and within a layer near the middle of its neighbours, so that few lines cross.
/// </summary>
internal sealed class GraphLayout
{
    /// <summary>Width of a node, in units of the drawing.</summary>
    public const double NodeWidth = 184;

    /// <summary>Height of a node.</summary>
    public const double NodeHeight = 52;

    private const double LayerGap = 88;
    private const double NodeGap = 24;
    private const int Sweeps = 6;

    private const double BendHeight = 10;

    // No name has one: it tells the places of lines from those of nodes.
    private const string Between = "\n";

    private readonly Dictionary<string, (double X, double Y)> _places = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Lays out the resources; instances of one name are one node.</summary>
    public GraphLayout(IReadOnlyList<Resource> resources)
    {
        Nodes = [.. resources.GroupBy(one => one.Name, StringComparer.OrdinalIgnoreCase).OrderBy(one => one.Key, StringComparer.OrdinalIgnoreCase)
            .Select(one => new GraphNode(one.Key, [.. one]))];
        var names = Nodes.Select(one => one.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Edges = [.. Nodes.SelectMany(node => node.Instances.SelectMany(one => one.Relationships)
            .Where(to => names.Contains(to.ResourceName) && !string.Equals(to.ResourceName, node.Name, StringComparison.OrdinalIgnoreCase))
            .GroupBy(to => to.ResourceName, StringComparer.OrdinalIgnoreCase)
            .Select(to => new GraphEdge(
                node.Name, to.Key, to.Any(one => one.Type == "WaitFor"), to.Any(one => one.Type != "WaitFor"),
                node.Instances.Any(one => one.WaitingFor.Contains(to.Key)))))];
        var depths = Layers();
        var links = Bend(depths);
        Place(Order(depths, links));
    }

    /// <summary>The nodes, by name.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>What needs what; a pair has one edge.</summary>
    public IReadOnlyList<GraphEdge> Edges { get; }

    /// <summary>Width of the whole.</summary>
    public double Width { get; private set; }

    /// <summary>Height of the whole.</summary>
    public double Height { get; private set; }

    /// <summary>A node's left upper corner.</summary>
    public (double X, double Y) PlaceOf(string name) => _places[name];

    /// <summary>Where an edge goes through the layers between its nodes: the left ends of level stretches, a node wide.</summary>
    public IEnumerable<(double X, double Y)> BendsOf(GraphEdge edge)
    {
        for (var layer = 0; layer < Nodes.Count; layer++)
        {
            if (_places.TryGetValue($"{edge.From}{Between}{edge.To}{Between}{layer}", out var place))
            {
                yield return (place.X, place.Y + (BendHeight / 2));
            }
        }
    }

    // The longest way from a node that nothing needs; an edge that closes a circle counts for nothing.
    private Dictionary<string, int> Layers()
    {
        var depths = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var onTheWay = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

        int Depth(string name)
        {
            if (depths.TryGetValue(name, out var known))
            {
                return known;
            }

            onTheWay.Add(name);
            var depth = 0;
            foreach (var edge in Edges)
            {
                if (string.Equals(edge.To, name, StringComparison.OrdinalIgnoreCase) && !onTheWay.Contains(edge.From))
                {
                    depth = Math.Max(depth, Depth(edge.From) + 1);
                }
            }

            onTheWay.Remove(name);
            return depths[name] = depth;
        }

        foreach (var node in Nodes)
        {
            Depth(node.Name);
        }

        return depths;
    }

    // A line over several layers gets a place in each, so that it goes between the nodes instead of behind them.
    private List<(string From, string To)> Bend(Dictionary<string, int> depths)
    {
        var links = new List<(string From, string To)>();
        foreach (var edge in Edges)
        {
            var (first, last) = (depths[edge.From], depths[edge.To]);
            var before = edge.From;
            for (var layer = first + 1; layer < last; layer++)
            {
                var bend = $"{edge.From}{Between}{edge.To}{Between}{layer}";
                depths[bend] = layer;
                links.Add((before, bend));
                before = bend;
            }

            links.Add((before, edge.To));
        }

        return links;
    }

    private static List<List<string>> Order(Dictionary<string, int> depths, List<(string From, string To)> links)
    {
        var layers = depths.GroupBy(one => one.Value).OrderBy(one => one.Key)
            .Select(one => one.Select(node => node.Key).Order(StringComparer.OrdinalIgnoreCase).ToList()).ToList();
        var neighbours = links.Concat(links.Select(one => (From: one.To, To: one.From)))
            .ToLookup(one => one.From, one => one.To, StringComparer.OrdinalIgnoreCase);
        var rank = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);

        void Rank(List<string> layer)
        {
            for (var at = 0; at < layer.Count; at++)
            {
                rank[layer[at]] = at - ((layer.Count - 1) / 2.0);
            }
        }

        layers.ForEach(Rank);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (var at in sweep % 2 == 0 ? Enumerable.Range(0, layers.Count) : Enumerable.Range(0, layers.Count).Reverse())
            {
                layers[at] = [.. layers[at].OrderBy(name => neighbours[name].Select(other => rank[other]).DefaultIfEmpty(rank[name]).Average())
                    .ThenBy(name => name, StringComparer.Ordinal)];
                Rank(layers[at]);
            }
        }

        return layers;
    }

    private void Place(List<List<string>> layers)
    {
        static double HeightOf(string name) => name.Contains(Between, StringComparison.Ordinal) ? BendHeight : NodeHeight;
        static double ColumnHeight(List<string> layer) => layer.Sum(one => HeightOf(one) + NodeGap) - NodeGap;
        Height = layers.Count == 0 ? 0 : layers.Max(ColumnHeight);
        Width = layers.Count == 0 ? 0 : (layers.Count * (NodeWidth + LayerGap)) - LayerGap;
        for (var column = 0; column < layers.Count; column++)
        {
            var top = (Height - ColumnHeight(layers[column])) / 2;
            foreach (var name in layers[column])
            {
                _places[name] = (column * (NodeWidth + LayerGap), top);
                top += HeightOf(name) + NodeGap;
            }
        }
    }
}
