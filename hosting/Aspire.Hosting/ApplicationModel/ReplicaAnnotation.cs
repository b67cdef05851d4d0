namespace Aspire.Hosting.ApplicationModel;

/// <summary>How often a resource runs.</summary>
/// <param name="replicas">The number of replicas.</param>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>The number of replicas.</summary>
    public int Replicas { get; } = replicas;
}
