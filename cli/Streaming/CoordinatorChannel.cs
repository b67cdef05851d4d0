using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using O1Coder.V1;

namespace O1Coder.Cli.Streaming;

/// <summary>A connection of the command line to a coordinator, made with the first call; disposing closes it.</summary>
internal sealed class CoordinatorChannel : IDisposable
{
    /// <summary>The largest request or answer, bytes.</summary>
    public const int MaxMessageBytes = 8 * 1024 * 1024;

    private readonly GrpcChannel _channel;

    private CoordinatorChannel(GrpcChannel channel)
    {
        _channel = channel;
        Invoker = channel.Intercept(new CallEndInterceptor());
    }

    /// <summary>What clients are made of.</summary>
    public CallInvoker Invoker { get; }

    /// <summary>Says where the coordinator is.</summary>
    /// <param name="coordinator">Where it answers, for example http://127.0.0.1:7410.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The channel disposes of the handler.")]
    public static CoordinatorChannel Open(Uri coordinator) => new(GrpcChannel.ForAddress(coordinator, new GrpcChannelOptions
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
    }));

    /// <inheritdoc />
    public void Dispose() => _channel.Dispose();
}
