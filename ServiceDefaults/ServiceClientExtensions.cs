using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;
using O1Coder.V1;

namespace O1Coder.ServiceDefaults;

/// <summary>How one service calls another.</summary>
public static class ServiceClientExtensions
{
    /// <summary>
    /// Adds a gRPC client for the service that the AppHost calls <paramref name="serviceName"/>. Addresses come from
    /// service discovery, one a replica, and calls go round them. A call that found nobody there
    /// (<see cref="StatusCode.Unavailable"/>) is made again up to four times within two seconds; gRPC never repeats a
    /// call whose answer had begun. Callers set a deadline on every call.
    /// </summary>
    public static IHttpClientBuilder AddServiceClient<TClient>(this IServiceCollection services, string serviceName)
        where TClient : ClientBase
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceName);
        return services.AddGrpcClient<TClient>(client => client.Address = new Uri($"http://{serviceName}"))
            .ConfigureChannel(channel =>
            {
                channel.MaxReceiveMessageSize = ServiceDefaultsExtensions.MaxMessageBytes;
                channel.MaxSendMessageSize = ServiceDefaultsExtensions.MaxMessageBytes;
                channel.ServiceConfig = new ServiceConfig { MethodConfigs = { RetryWhenUnavailable() } };
            })
            .AddInterceptor(() => new CallEndInterceptor())
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = TimeSpan.FromSeconds(20),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                ConnectTimeout = TimeSpan.FromSeconds(5),
            })
            .AddServiceDiscovery();
    }

    private static MethodConfig RetryWhenUnavailable() => new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 5,
            InitialBackoff = TimeSpan.FromMilliseconds(100),
            MaxBackoff = TimeSpan.FromSeconds(1),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };
}
