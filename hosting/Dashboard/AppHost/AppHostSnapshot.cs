using System.Collections.Immutable;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>What is known of the AppHost at one moment. Messages in it are not changed by anybody.</summary>
/// <param name="Link">Whether it answers.</param>
/// <param name="ApplicationName">The AppHost's name, once it has said it.</param>
/// <param name="Resources">Every instance by its name.</param>
/// <param name="Problem">Why it does not answer; null when it does.</param>
internal sealed record AppHostSnapshot(
    AppHostLink Link, string? ApplicationName, ImmutableSortedDictionary<string, Resource> Resources, string? Problem)
{
    /// <summary>Before anything is known.</summary>
    public static AppHostSnapshot Start(AppHostLink link) =>
        new(link, null, ImmutableSortedDictionary.Create<string, Resource>(StringComparer.OrdinalIgnoreCase), null);

    /// <summary>With what a change says.</summary>
    public AppHostSnapshot With(ResourcesChange change)
    {
        var resources = (change.Complete ? Resources.Clear() : Resources).ToBuilder();
        foreach (var gone in change.Removed)
        {
            resources.Remove(gone);
        }

        foreach (var changed in change.Changed)
        {
            resources[changed.InstanceName] = changed;
        }

        return this with { Link = AppHostLink.Connected, Problem = null, Resources = resources.ToImmutable() };
    }
}
