using System.Diagnostics.CodeAnalysis;
using Grpc.Net.Client;

namespace O1Coder.Cli.Streaming;

/// <summary>How the command line connects to a coordinator.</summary>
internal static class CoordinatorChannel
{
    /// <summary>The largest request or answer, bytes.</summary>
    public const int MaxMessageBytes = 8 * 1024 * 1024;

    /// <summary>A connection, made with the first call; disposing closes it.</summary>
    /// <param name="coordinator">Where the coordinator answers, for example http://127.0.0.1:7410.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The channel disposes of the handler.")]
    public static GrpcChannel Open(Uri coordinator) => GrpcChannel.ForAddress(coordinator, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            // A proxy of the environment does not lead back to this machine.
            UseProxy = !coordinator.IsLoopback,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            EnableMultipleHttp2Connections = true,
        },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = MaxMessageBytes,
        MaxSendMessageSize = MaxMessageBytes,
    });
}
