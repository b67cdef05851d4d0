using System.Net;
using System.Net.Sockets;

namespace O1Coder.Tests;

/// <summary>Finds ports of the loopback interface that nobody listens on. Compiled into every test project.</summary>
internal static class FreePort
{
    /// <summary>One.</summary>
    public static int Find() => Find(1)[0];

    /// <summary>Several that differ: each is held until all are known.</summary>
    public static int[] Find(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return [.. ports];
    }
}
