namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resources of an application that was built.</summary>
/// <param name="resources">The resources.</param>
public class DistributedApplicationModel(IResourceCollection resources)
{
    private readonly Dictionary<IResource, string[]> _replicaIds = [];

    /// <summary>The resources, in the order in which they were added.</summary>
    public IResourceCollection Resources { get; } = resources;

    /// <summary>The ids of a resource's replicas: its name, and a suffix where it is a process.</summary>
    internal IReadOnlyList<string> ReplicaIds(IResource resource)
    {
        lock (_replicaIds)
        {
            if (!_replicaIds.TryGetValue(resource, out var ids))
            {
                ids = ResourceModel.IsProcess(resource)
                    ? [.. Enumerable.Range(0, ResourceModel.ReplicaCount(resource)).Select(_ => $"{resource.Name}-{NewSuffix()}")]
                    : [resource.Name];
                _replicaIds.Add(resource, ids);
            }

            return ids;
        }
    }

    private static string NewSuffix() =>
        System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", 8);
}
