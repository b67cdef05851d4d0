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

    // ProjectResource is shown as Project, RedisResource as Redis.
    public static string TypeName(IResource resource)
    {
        var type = resource.GetType().Name;
        return type.EndsWith(nameof(Resource), StringComparison.Ordinal) ? type[..^nameof(Resource).Length] : type;
    }
}
