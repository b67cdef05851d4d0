using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>
/// Whose telemetry is asked for, as it stands in an address: nothing for all, a service's name for all its instances, or
/// name/instance for one.
/// </summary>
public sealed record ResourceChoice(string? Key)
{
    /// <summary>All of them.</summary>
    public static ResourceChoice All { get; } = new((string?)null);

    /// <summary>True for all.</summary>
    public bool IsAll => string.IsNullOrEmpty(Key);

    /// <summary>Whether a resource is asked for.</summary>
    public bool Includes(TelemetryResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return IsAll
            || string.Equals(resource.Name, Key, StringComparison.OrdinalIgnoreCase)
            || string.Equals(resource.Key, Key, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What can be chosen: services, and their instances where there are several.</summary>
    public static List<(string Key, string Label)> Choices(IEnumerable<TelemetryResource> resources)
    {
        var choices = new List<(string, string)>();
        foreach (var group in resources.GroupBy(resource => resource.Name, StringComparer.OrdinalIgnoreCase))
        {
            var instances = group.ToList();
            choices.Add((group.Key, instances.Count == 1 ? group.Key : $"{group.Key} (all {instances.Count})"));
            if (instances.Count > 1)
            {
                choices.AddRange(instances.Select(instance => (instance.Key, $"– {instance.DisplayName}")));
            }
        }

        return choices;
    }
}
