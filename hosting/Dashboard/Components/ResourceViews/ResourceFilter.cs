using O1Coder.Hosting.Dashboard.AppHost;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.Components.ResourceViews;

/// <summary>Which resources the page shows.</summary>
public sealed class ResourceFilter
{
    /// <summary>Part of a name, type, state, source or address; empty for all.</summary>
    public string Text { get; set; } = "";

    /// <summary>Types that are not shown.</summary>
    public HashSet<string> WithoutTypes { get; } = [];

    /// <summary>States that are not shown.</summary>
    public HashSet<string> WithoutStates { get; } = [];

    /// <summary>Healths that are not shown.</summary>
    public HashSet<HealthWord> WithoutHealth { get; } = [];

    /// <summary>Whether hidden resources are shown too.</summary>
    public bool WithHidden { get; set; }

    /// <summary>How many choices take something away.</summary>
    public int Active => WithoutTypes.Count + WithoutStates.Count + WithoutHealth.Count;

    /// <summary>Whether a resource is shown.</summary>
    public bool Shows(Resource resource) =>
        (WithHidden || !resource.Hidden)
        && !WithoutTypes.Contains(resource.Type)
        && !WithoutStates.Contains(resource.State)
        && !WithoutHealth.Contains(ResourceFace.Health(resource))
        && (Text.Trim() is not { Length: > 0 } text || Says(resource, text));

    /// <summary>Shows everything again.</summary>
    public void Clear()
    {
        Text = "";
        WithoutTypes.Clear();
        WithoutStates.Clear();
        WithoutHealth.Clear();
    }

    private static bool Says(Resource resource, string text)
    {
        bool In(string? where) => where?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
        return In(resource.InstanceName) || In(resource.Name) || In(resource.Type) || In(ResourceFace.State(resource))
            || In(ResourceFace.Source(resource).Whole) || resource.Urls.Any(one => In(one.Url) || In(one.DisplayText));
    }
}
