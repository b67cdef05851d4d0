using O1Coder.Hosting.Dashboard.AppHost;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.Components.ResourceViews;

/// <summary>Puts resources under their parents, and replicas under their resource.</summary>
internal static class ResourceTree
{
    private const string ParentProperty = "resource.parentName";
    private const string ParentRelationship = "Parent";

    /// <summary>The rows from top to bottom. What is alone, or whose parent is not among them, is at the top.</summary>
    /// <param name="sorted">The instances in the order of siblings.</param>
    /// <param name="isFolded">Whether the rows under one, by its <see cref="ResourceRow.Key"/>, are left out.</param>
    public static IReadOnlyList<ResourceRow> Rows(IEnumerable<Resource> sorted, Func<string, bool> isFolded)
    {
        var resources = sorted.GroupBy(one => one.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(
            group => group.Key, group => group.ToList(), StringComparer.OrdinalIgnoreCase);
        var children = resources.Keys.ToLookup(name => ParentOf(resources[name][0], resources) ?? "", StringComparer.OrdinalIgnoreCase);
        var placed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var rows = new List<ResourceRow>();
        foreach (var name in children[""])
        {
            Place(name, 0, isVisible: true);
        }

        // Those that say of each other that they are parents have no top.
        foreach (var name in resources.Keys)
        {
            Place(name, 0, isVisible: true);
        }

        return rows;

        int Place(string name, int depth, bool isVisible)
        {
            if (!placed.Add(name))
            {
                return 0;
            }

            var instances = resources[name];
            var at = rows.Count;
            var row = new ResourceRow(name, instances, depth, 0);
            var isOpen = isVisible && !isFolded(row.Key);
            if (isVisible)
            {
                rows.Add(row);
            }

            var below = 0;
            if (instances.Count > 1)
            {
                below = instances.Count;
                if (isOpen)
                {
                    rows.AddRange(instances.Select(one => new ResourceRow(name, [one], depth + 1, 0)));
                }
            }

            foreach (var child in children[name])
            {
                below += Place(child, depth + 1, isOpen);
            }

            if (isVisible)
            {
                rows[at] = row with { Descendants = below };
            }

            return below + (instances.Count > 1 ? 0 : 1);
        }
    }

    private static string? ParentOf(Resource resource, Dictionary<string, List<Resource>> all)
    {
        var name = resource.Relationships.FirstOrDefault(one => string.Equals(one.Type, ParentRelationship, StringComparison.OrdinalIgnoreCase))?.ResourceName
            ?? ResourceFace.Property(resource, ParentProperty);
        return name is not null && all.ContainsKey(name) && !string.Equals(name, resource.Name, StringComparison.OrdinalIgnoreCase) ? name : null;
    }
}
