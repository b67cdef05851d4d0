using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace O1Coder.Policy;

/// <summary>
/// How soon the service finds out that a caller is gone who could not say so, and whose work holds a place. A caller that ends
/// its call, its connection or itself is told by the network at once; of one whose machine or network is gone nothing comes any
/// more. Kernels answer for callers here, not the callers themselves: one that is merely busy is not taken for gone.
/// </summary>
internal static class LostCallers
{
    // <netinet/tcp.h>: how long what was sent, tokens or probes, may stay unacknowledged.
    private const int TcpUserTimeout = 18;
    private const int UserTimeoutMilliseconds = 800;

    // While nothing is sent, for example during a prefill, there is nothing to acknowledge but probes.
    private const int ProbeSeconds = 1;

    /// <summary>Has connections watched.</summary>
    public static void NoticeLostCallers(this WebApplicationBuilder builder) =>
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = Listen);

    // Accepted sockets have the options of the listening one.
    private static Socket Listen(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is IPEndPoint)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ProbeSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
            if (OperatingSystem.IsLinux())
            {
                socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes(UserTimeoutMilliseconds));
            }
        }

        return socket;
    }
}
