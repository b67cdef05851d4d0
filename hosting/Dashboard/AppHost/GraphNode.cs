using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>A resource with all its instances.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Instances">At least one.</param>
internal sealed record GraphNode(string Name, IReadOnlyList<Resource> Instances)
{
    /// <summary>The instance that most needs to be looked at.</summary>
    public Resource Worst => Instances.MaxBy(one => ResourceFace.Look(one).Tone)!;
}
