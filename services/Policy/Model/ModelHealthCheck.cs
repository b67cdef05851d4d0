using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace O1Coder.Policy;

/// <summary>Healthy once the model is loaded.</summary>
internal sealed class ModelHealthCheck(ModelHost host) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(host.Loaded is { } loaded
            ? HealthCheckResult.Healthy(loaded.Id)
            : HealthCheckResult.Unhealthy(host.Failure ?? "the model is loading"));
}
