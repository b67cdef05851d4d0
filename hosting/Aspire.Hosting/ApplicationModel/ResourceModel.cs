using System.Collections.Immutable;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What the annotations of a resource amount to.</summary>
internal static class ResourceModel
{
    public static int ReplicaCount(IResource resource) =>
        resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    public static bool IsProcess(IResource resource) =>
        resource.Annotations.OfType<Orchestration.ProcessAnnotation>().Any();

    public static IReadOnlyList<string> HealthCheckKeys(IResource resource) =>
        [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key).Distinct()];

    public static ImmutableArray<HealthReportSnapshot> UnknownHealth(IResource resource) =>
        [.. HealthCheckKeys(resource).Select(key => new HealthReportSnapshot(key, Status: null, "not checked yet", null))];

    /// <summary>The state of a replica before anything was said about it.</summary>
    public static CustomResourceSnapshot InitialSnapshot(IResource resource)
    {
        var initial = resource.Annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot
            ?? new CustomResourceSnapshot { ResourceType = TypeName(resource), Properties = [] };
        var icon = resource.Annotations.OfType<ResourceIconAnnotation>().LastOrDefault();
        return initial with
        {
            CreationTimeStamp = initial.CreationTimeStamp ?? DateTime.UtcNow,
            HealthReports = UnknownHealth(resource),
            Relationships = [.. initial.Relationships, .. resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                .Select(relationship => new RelationshipSnapshot(relationship.Resource.Name, relationship.Type)).Distinct()],
            IsHidden = initial.IsHidden || resource.Annotations.OfType<HiddenAnnotation>().Any(),
            IconName = initial.IconName ?? icon?.IconName,
            IconVariant = initial.IconVariant ?? icon?.IconVariant,
        };
    }

    // ProjectResource is shown as Project, RedisResource as Redis.
    public static string TypeName(IResource resource)
    {
        var type = resource.GetType().Name;
        return type.EndsWith(nameof(Resource), StringComparison.Ordinal) ? type[..^nameof(Resource).Length] : type;
    }
}
