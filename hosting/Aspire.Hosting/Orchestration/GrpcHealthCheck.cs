using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Healthy when every replica answers SERVING to grpc.health.v1, over HTTP/2 with or without TLS.</summary>
internal sealed class GrpcHealthCheck(EndpointReference endpoint, string service) : IHealthCheck
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    // One connection an address, for as long as the AppHost runs.
    private static readonly ConcurrentDictionary<string, GrpcChannel> s_channels = new();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        foreach (var replica in endpoint.Allocations)
        {
            var channel = s_channels.GetOrAdd(replica.UriString, url => GrpcChannel.ForAddress(url, new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler { UseProxy = false },
                DisposeHttpClient = true,
            }));
            try
            {
                var answer = await new Health.HealthClient(channel).CheckAsync(
                    new HealthCheckRequest { Service = service }, deadline: DateTime.UtcNow + s_limit, cancellationToken: cancellationToken);
                if (answer.Status != HealthCheckResponse.Types.ServingStatus.Serving)
                {
                    return HealthCheckResult.Unhealthy($"{replica.UriString} says that '{service}' is {answer.Status}");
                }
            }
            catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy($"{replica.UriString} does not answer grpc.health.v1: {exception.Status.Detail}");
            }
        }

        return HealthCheckResult.Healthy();
    }
}
