using O1Coder.Cli.Searching;
using O1Coder.V1;

namespace O1Coder.Cli.Display;

/// <summary>
/// A small picture of the search tree: the nodes on the way to one leaf, and beside each as many of its siblings as there
/// is room for. Each line gives the action, N and Q, and what the step says or what the sandbox said of its program.
/// </summary>
internal static class TreePicture
{
    private const int LongestPath = 64;

    /// <summary>Draws at most <paramref name="most"/> lines; none before the first node.</summary>
    public static IReadOnlyList<Line> Lines(SearchView view, int most)
    {
        var path = view.PathTo(Focus(view));
        if (path.IsEmpty || most < 1)
        {
            return [];
        }

        // A path that is longer than the room loses its beginning.
        if (path.Length > Math.Min(most, LongestPath))
        {
            return [.. path.TakeLast(Math.Min(most, LongestPath)).Select((node, level) => Describe(node, Indent(level) + "└─ ", true))];
        }

        var shown = ChooseSiblings(view, [.. path.Select(node => node.Node)], most - path.Length);
        var lines = new List<Line>();
        Draw(0, "");
        return lines;

        void Draw(int parent, string indent)
        {
            var children = shown[parent];
            for (var i = 0; i < children.Count; i++)
            {
                var last = i == children.Count - 1;
                var onPath = path.Any(node => node.Node == children[i].Node);
                lines.Add(Describe(children[i], indent + (last ? "└─ " : "├─ "), onPath));
                if (onPath && shown.ContainsKey(children[i].Node))
                {
                    Draw(children[i].Node, indent + (last ? "   " : "│  "));
                }
            }
        }
    }

    /// <summary>The leaf that the picture leads to: the best program, else the deepest node that came last.</summary>
    private static int Focus(SearchView view)
    {
        if (view.Best is { } best && view.Tree.ContainsKey(best.Node))
        {
            return best.Node;
        }

        return view.LastPath.IsDefaultOrEmpty
            ? view.Tree.Values.MaxBy(node => (node.Depth, node.Node))?.Node ?? 0
            : view.LastPath[^1];
    }

    private static Dictionary<int, List<NodeView>> ChooseSiblings(SearchView view, HashSet<int> path, int room)
    {
        // Every parent on the path, the root among them, and for each its child on the path first of all.
        var parents = path.Select(node => view.Tree[node].Parent).ToHashSet();
        var shown = parents.ToDictionary(parent => parent, _ => new List<NodeView>());
        foreach (var node in path)
        {
            shown[view.Tree[node].Parent].Add(view.Tree[node]);
        }

        var siblings = view.Tree.Values
            .Where(node => parents.Contains(node.Parent) && !path.Contains(node.Node))
            .OrderBy(node => node.Depth)
            .ThenByDescending(node => node.Visits)
            .ThenBy(node => node.Node)
            .Take(room);
        foreach (var sibling in siblings)
        {
            shown[sibling.Parent].Add(sibling);
        }

        foreach (var children in shown.Values)
        {
            children.Sort((a, b) => a.Node.CompareTo(b.Node));
        }

        return shown;
    }

    private static Line Describe(NodeView node, string indent, bool onPath)
    {
        var line = new Line().Add(" " + indent, Styles.Quiet)
            .Add($"{Words.Name(node.Action),-9} ", onPath ? Styles.Strong : Styles.Quiet)
            .Add(node.Value is { } value ? $"N {node.Visits,-3} Q {Words.Number(value, 2)}  " : "N 0            ",
                onPath ? Styles.Accent : Styles.Quiet);
        return node.Judged is { } judged
            ? line.Add($"{Styles.Sign(judged.Verdict)} {judged.Passed}/{judged.Total} {Words.Describe(judged.Verdict)}", Styles.Of(judged.Verdict))
            : line.Add(Summary(node), Styles.Quiet);
    }

    private static string Summary(NodeView node)
    {
        var lines = node.Text.Split('\n')
            .Select(line => line.Replace("**", "", StringComparison.Ordinal).Trim().TrimStart('#', '*', '-', '`', '>', ' '))
            .Where(line => line.Length > 0);
        return node.Action == StepAction.Code ? "(not judged yet)" : TerminalText.OneLine(lines.FirstOrDefault() ?? "", 160);
    }

    private static string Indent(int level) => new(' ', 3 * level);
}
