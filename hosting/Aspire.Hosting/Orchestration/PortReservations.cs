using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Gives every endpoint of every replica its port. A port stays bound by the AppHost until its resource is about to start,
/// so that nobody else is given it in between.
/// </summary>
/// <param name="logger">Is told where another port is taken than was asked for.</param>
/// <param name="freePortsOnly">Whether fixed ports are not wanted, as in tests.</param>
internal sealed class PortReservations(ILogger logger, bool freePortsOnly = false) : IDisposable
{
    private readonly Dictionary<string, List<Socket>> _held = [];

    /// <summary>Allocates the endpoints of a resource, one address a replica.</summary>
    /// <exception cref="DistributedApplicationException">A fixed port is in use, or is asked for by several replicas.</exception>
    public void Allocate(IResource resource, IReadOnlyList<string> replicaIds)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (freePortsOnly)
            {
                endpoint.Port = endpoint.TargetPort = null;
            }

            if (endpoint.FixedPort is not null && replicaIds.Count > 1)
            {
                throw new DistributedApplicationException(
                    $"Resource '{resource.Name}' has {replicaIds.Count} replicas: endpoint '{endpoint.Name}' cannot have the fixed port {endpoint.FixedPort}.");
            }

            endpoint.Allocations = [.. replicaIds.Select(id =>
                new AllocatedEndpoint(endpoint, endpoint.TargetHost, Reserve(resource, endpoint, id)))];
        }
    }

    /// <summary>Lets go of a replica's ports, for it to bind them.</summary>
    public void Release(string replicaId)
    {
        lock (_held)
        {
            if (_held.Remove(replicaId, out var sockets))
            {
                sockets.ForEach(socket => socket.Dispose());
            }
        }
    }

    public void Dispose()
    {
        foreach (var id in _held.Keys.ToArray())
        {
            Release(id);
        }
    }

    private int Reserve(IResource resource, EndpointAnnotation endpoint, string id)
    {
        var address = IPAddress.TryParse(endpoint.TargetHost, out var parsed) ? parsed : IPAddress.Loopback;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, endpoint.FixedPort ?? 0));

            // Only a listening socket keeps others from binding the port: bound ones may share it.
            socket.Listen(1);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            if (endpoint.IsPortPreferred && endpoint.FixedPort is { } taken && exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                endpoint.Port = endpoint.TargetPort = null;
                var other = Reserve(resource, endpoint, id);
                logger.LogWarning("Port {Port} for '{Endpoint}' of resource '{Resource}' is in use: port {Other} is taken instead.",
                    taken, endpoint.Name, resource.Name, other);
                return other;
            }

            var port = (endpoint.FixedPort ?? 0).ToString(CultureInfo.InvariantCulture);
            throw new DistributedApplicationException(exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? $"port {port} is in use: endpoint '{endpoint.Name}' of resource '{resource.Name}' cannot have it"
                : $"port {port} of {address} cannot be had for endpoint '{endpoint.Name}' of resource '{resource.Name}': {exception.Message}");
        }

        lock (_held)
        {
            if (!_held.TryGetValue(id, out var sockets))
            {
                _held[id] = sockets = [];
            }

            sockets.Add(socket);
        }

        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
