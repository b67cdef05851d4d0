using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Dashboard;

/// <summary>Healthy when the dashboard answers, whatever it says: its pages are for those who have the token.</summary>
internal sealed class DashboardHealthCheck : IHealthCheck
{
    /// <summary>The check's key.</summary>
    public const string Key = "aspire-dashboard_check";

    private static readonly HttpClient s_client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>Where the pages are; null while there is no dashboard.</summary>
    public EndpointReference? FrontEnd { get; set; }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (FrontEnd is null)
        {
            return HealthCheckResult.Unhealthy("there is no dashboard");
        }

        try
        {
            using var response = await s_client.GetAsync(new Uri($"{FrontEnd.Url}/login"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode < 500
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"the dashboard answered {(int)response.StatusCode}");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"the dashboard does not answer: {exception.Message}");
        }
    }
}
