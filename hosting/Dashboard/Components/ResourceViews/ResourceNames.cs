using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.Components.ResourceViews;

/// <summary>What resources are called on a page: by their name, unless there are several of it.</summary>
internal static class ResourceNames
{
    /// <summary>The name of one among all.</summary>
    public static string Of(Resource resource, IEnumerable<Resource> all) =>
        all.Count(one => string.Equals(one.Name, resource.Name, StringComparison.OrdinalIgnoreCase)) > 1 ? resource.InstanceName : resource.Name;

    /// <summary>One by its instance name, or else by its name in the model.</summary>
    public static Resource? Find(IEnumerable<Resource> all, string? name) => name is null
        ? null
        : all.FirstOrDefault(one => string.Equals(one.InstanceName, name, StringComparison.OrdinalIgnoreCase))
            ?? all.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase));
}
