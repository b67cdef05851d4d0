using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where an endpoint of a started resource is reached.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="address">The host name or address.</param>
/// <param name="port">The port.</param>
/// <param name="targetPortExpression">What a template says for the port of one replica; null for none.</param>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
{
    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; } = endpoint;

    /// <summary>The host name or address.</summary>
    public string Address { get; } = address;

    /// <summary>The port.</summary>
    public int Port { get; } = port;

    /// <summary>What a template says for the port of one replica; null for none.</summary>
    public string? TargetPortExpression { get; } = targetPortExpression;

    /// <summary>The scheme.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary><c>address:port</c>.</summary>
    public string EndPointString => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");

    /// <summary><c>scheme://address:port</c>.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc />
    public override string ToString() => UriString;
}
