using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint that a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    /// <summary>Describes the endpoint.</summary>
    /// <param name="protocol">The transport protocol; TCP is supported.</param>
    /// <param name="uriScheme">The scheme of its addresses; null for <c>tcp</c>.</param>
    /// <param name="transport">The protocol over it, for example <c>http2</c>; null for one that fits the scheme.</param>
    /// <param name="name">Its name; null for its scheme.</param>
    /// <param name="port">The port that others use; null for a free one.</param>
    /// <param name="targetPort">The port that the resource listens on; null for <paramref name="port"/>.</param>
    /// <param name="isExternal">Whether it is meant for the world outside the application.</param>
    /// <param name="isProxied">Kept, without effect: there is no proxy.</param>
    /// <exception cref="ArgumentException">The name is not of the form of a resource's name.</exception>
    public EndpointAnnotation(ProtocolType protocol, string? uriScheme = null, string? transport = null,
        string? name = null, int? port = null, int? targetPort = null, bool? isExternal = null, bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? "tcp";
        Name = name ?? UriScheme;
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : "tcp");
        ResourceName.Validate(Name, "Endpoint");
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied ?? true;
    }

    /// <summary>The endpoint's name, unique in its resource.</summary>
    public string Name { get; set; }

    /// <summary>The transport protocol.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The scheme of its addresses, for example <c>http</c>.</summary>
    public string UriScheme { get; set; }

    /// <summary>The protocol over it, for example <c>http2</c>.</summary>
    public string Transport { get; set; }

    /// <summary>The port that others use; null for a free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the resource listens on; null for <see cref="Port"/>.</summary>
    public int? TargetPort { get; set; }

    /// <summary>The host name or address that the resource listens on.</summary>
    public string TargetHost { get; set; } = "127.0.0.1";

    /// <summary>Whether it is meant for the world outside the application.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Kept, without effect: there is no proxy.</summary>
    public bool IsProxied { get; set; }

    /// <summary>Whether a reference to the whole resource leaves this endpoint out.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>The address of the first replica; null before the application starts.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => Allocations.Count > 0 ? Allocations[0] : null;
        set => Allocations = value is null ? [] : [value];
    }

    /// <summary>The variable that tells the resource its port; null when another way tells it.</summary>
    internal string? TargetPortEnvironmentVariable { get; set; }

    /// <summary>Whether another port will do where the one that was asked for is in use.</summary>
    internal bool IsPortPreferred { get; set; }

    /// <summary>The address of every replica, in their order.</summary>
    internal IReadOnlyList<AllocatedEndpoint> Allocations { get; set; } = [];

    /// <summary>The port that was asked for; null for a free one.</summary>
    internal int? FixedPort => TargetPort ?? Port;
}
