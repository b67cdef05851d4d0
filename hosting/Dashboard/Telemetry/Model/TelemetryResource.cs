namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>What sends telemetry: one instance of a service.</summary>
public sealed class TelemetryResource
{
    /// <summary>The name of a sender that gives none, as the specification has it.</summary>
    public const string UnknownName = "unknown_service";

    private volatile TelemetryAttribute[] _attributes;

    internal TelemetryResource(int number, string name, string instanceId, TelemetryAttribute[] attributes)
    {
        Number = number;
        Name = name;
        InstanceId = instanceId;
        _attributes = attributes;
    }

    /// <summary>Counts resources in the order in which they were first heard of; also chooses a colour.</summary>
    public int Number { get; }

    /// <summary><c>service.name</c>.</summary>
    public string Name { get; }

    /// <summary><c>service.instance.id</c>; empty where none was sent.</summary>
    public string InstanceId { get; }

    /// <summary>Everything that it told of itself, as last sent.</summary>
    public TelemetryAttribute[] Attributes => _attributes;

    /// <summary>When it last sent anything, UTC ticks.</summary>
    public long LastSeen { get; internal set; }

    /// <summary>The name, with the instance's first characters where several instances share it.</summary>
    public string DisplayName { get; internal set; } = "";

    /// <summary>The whole instance, for a key that holds over a restart.</summary>
    public string Key => InstanceId.Length == 0 ? Name : $"{Name}/{InstanceId}";

    internal void Replace(TelemetryAttribute[] attributes) => _attributes = attributes;
}
