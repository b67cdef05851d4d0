using System.Net;
using System.Net.Sockets;

namespace O1Coder.Benchmarks;

/// <summary>Finds a port that nobody listens on.</summary>
internal static class FreePort
{
    /// <summary>A free port of the loopback interface.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
