using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.Components.ResourceViews;

/// <summary>A row of the table: an instance, or a resource over its replicas.</summary>
/// <param name="Name">The resource's name in the model.</param>
/// <param name="Instances">The one instance, or the replicas.</param>
/// <param name="Depth">How many rows it is under.</param>
/// <param name="Descendants">How many instances are under it.</param>
public sealed record ResourceRow(string Name, IReadOnlyList<Resource> Instances, int Depth, int Descendants)
{
    /// <summary>The instance; null for a resource over its replicas.</summary>
    public Resource? Instance => Instances is [{ } only] ? only : null;

    /// <summary>What tells it from other rows.</summary>
    public string Key => Instance?.InstanceName ?? Name;
}
