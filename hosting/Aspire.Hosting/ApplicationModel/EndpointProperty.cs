namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary><c>scheme://host:port</c>.</summary>
    Url = 0,

    /// <summary>The host name or address.</summary>
    Host = 1,

    /// <summary>The host as an IPv4 address.</summary>
    IPV4Host = 2,

    /// <summary>The port that others use.</summary>
    Port = 3,

    /// <summary>The scheme.</summary>
    Scheme = 4,

    /// <summary>The port that the resource listens on.</summary>
    TargetPort = 5,

    /// <summary><c>host:port</c>.</summary>
    HostAndPort = 6,
}
