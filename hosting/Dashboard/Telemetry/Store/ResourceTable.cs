using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Store;

/// <summary>Who has sent telemetry, by <c>service.name</c> and <c>service.instance.id</c>; bounded.</summary>
internal sealed class ResourceTable(int maxCount)
{
    private const int ShownOfInstance = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, string Instance), TelemetryResource> _resources = [];
    private int _lastNumber;
    private volatile TelemetryResource[] _all = [];

    /// <summary>Told of a resource that had to make room.</summary>
    public event Action<TelemetryResource>? Dropped;

    /// <summary>All resources, by display name.</summary>
    public IReadOnlyList<TelemetryResource> All => _all;

    /// <summary>The resource that these attributes tell of, made when it is new.</summary>
    public TelemetryResource Get(TelemetryAttribute[] attributes, long now)
    {
        var name = Value(attributes, "service.name") is { Length: > 0 } given ? given : TelemetryResource.UnknownName;
        var instance = Value(attributes, "service.instance.id") ?? "";
        TelemetryResource? dropped = null;
        TelemetryResource? resource;
        lock (_gate)
        {
            if (!_resources.TryGetValue((name, instance), out resource))
            {
                if (_resources.Count >= maxCount)
                {
                    dropped = _resources.Values.MinBy(held => held.LastSeen)!;
                    _resources.Remove((dropped.Name, dropped.InstanceId));
                }

                resource = new TelemetryResource(++_lastNumber, name, instance, attributes);
                _resources.Add((name, instance), resource);
                Publish();
            }
            else
            {
                resource.Replace(attributes);
            }

            resource.LastSeen = now;
        }

        if (dropped is not null)
        {
            Dropped?.Invoke(dropped);
        }

        return resource;
    }

    /// <summary>Forgets a resource.</summary>
    public void Remove(TelemetryResource resource)
    {
        lock (_gate)
        {
            if (_resources.Remove((resource.Name, resource.InstanceId)))
            {
                Publish();
            }
        }
    }

    private static string? Value(TelemetryAttribute[] attributes, string key)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Key == key)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    private void Publish()
    {
        foreach (var group in _resources.Values.GroupBy(resource => resource.Name))
        {
            var several = group.Skip(1).Any();
            foreach (var resource in group)
            {
                var shown = resource.InstanceId.Length > ShownOfInstance ? resource.InstanceId[..ShownOfInstance] : resource.InstanceId;
                resource.DisplayName = several && shown.Length > 0 ? $"{resource.Name}-{shown}" : resource.Name;
            }
        }

        _all = [.. _resources.Values.OrderBy(resource => resource.DisplayName, StringComparer.OrdinalIgnoreCase)];
    }
}
