using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>
/// Places for a graph in layers (after Sugiyama, Tagawa and Toda 1981): a resource stands left of everything that it needs,
/// and within a layer near the middle of its neighbours, so that few lines cross.
/// </summary>
internal sealed class GraphLayout
{
    /// <summary>Width of a node, in units of the drawing.</summary>
    public const double NodeWidth = 168;

    /// <summary>Height of a node.</summary>
    public const double NodeHeight = 52;

    private const double LayerGap = 96;
    private const double NodeGap = 22;
    private const int Sweeps = 6;

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
        Place(Order(Layers()));
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

    private List<List<string>> Order(Dictionary<string, int> depths)
    {
        var layers = Nodes.GroupBy(one => depths[one.Name]).OrderBy(one => one.Key).Select(one => one.Select(node => node.Name).ToList()).ToList();
        var neighbours = Nodes.ToDictionary(
            node => node.Name,
            node => Edges.Where(edge => edge.From == node.Name || edge.To == node.Name).Select(edge => edge.From == node.Name ? edge.To : edge.From).ToList(),
            StringComparer.OrdinalIgnoreCase);
        var rank = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        void Rank() => layers.ForEach(layer => layer.Select((name, at) => (name, at)).ToList().ForEach(one => rank[one.name] = one.at - ((layer.Count - 1) / 2.0)));

        Rank();
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (var at in sweep % 2 == 0 ? Enumerable.Range(0, layers.Count) : Enumerable.Range(0, layers.Count).Reverse())
            {
                layers[at] = [.. layers[at].OrderBy(name => neighbours[name].Count == 0 ? rank[name] : neighbours[name].Average(other => rank[other])).ThenBy(name => name, StringComparer.Ordinal)];
                Rank();
            }
        }

        return layers;
    }

    private void Place(List<List<string>> layers)
    {
        double ColumnHeight(List<string> layer) => (layer.Count * (NodeHeight + NodeGap)) - NodeGap;
        Height = layers.Count == 0 ? 0 : layers.Max(ColumnHeight);
        Width = layers.Count == 0 ? 0 : (layers.Count * (NodeWidth + LayerGap)) - LayerGap;
        for (var column = 0; column < layers.Count; column++)
        {
            var top = (Height - ColumnHeight(layers[column])) / 2;
            for (var row = 0; row < layers[column].Count; row++)
            {
                _places[layers[column][row]] = (column * (NodeWidth + LayerGap), top + (row * (NodeHeight + NodeGap)));
            }
        }
    }
}
