using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Polly;

namespace O1Coder.Policy.Remote;

/// <summary>How the client of a server is put together.</summary>
internal static class RemoteExtensions
{
    /// <summary>Adds the client. It has no limit of time of its own: callers have deadlines.</summary>
    public static IServiceCollection AddRemoteServer(this IServiceCollection services)
    {
        services.AddHttpClient(RemoteServer.ClientName)
            .ConfigureHttpClient((provider, client) =>
            {
                var options = provider.GetRequiredService<IOptions<PolicyOptions>>().Value;
                client.BaseAddress = new Uri(options.Remote.TrimEnd('/') + "/");
                client.Timeout = Timeout.InfiniteTimeSpan;
                if (options.RemoteKey.Length > 0)
                {
                    client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.RemoteKey);
                }
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(5),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .AddResilienceHandler("remote", pipeline => pipeline.AddRetry(RemoteRetries.Options));
        return services;
    }
}
