using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Healthy when every replica answers an HTTP request with the expected status.</summary>
internal sealed class HttpHealthCheck(EndpointReference endpoint, string path, int statusCode) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        foreach (var replica in endpoint.Allocations)
        {
            var url = new Uri(new Uri(replica.UriString), path);
            try
            {
                using var response = await LocalHttp.SendAsync(endpoint, () => new HttpRequestMessage(HttpMethod.Get, url), cancellationToken);
                if ((int)response.StatusCode != statusCode)
                {
                    return HealthCheckResult.Unhealthy(string.Create(CultureInfo.InvariantCulture,
                        $"{url} answered {(int)response.StatusCode} where {statusCode} was expected"));
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy($"{url} does not answer: {exception.Message}");
            }
        }

        return HealthCheckResult.Healthy();
    }
}
