using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace O1Coder.Coordinator;

/// <summary>Whether Redis answers; searches go on without it, so this service is degraded where it does not.</summary>
internal sealed class RedisHealthCheck(RedisCache redis) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await redis.IsConnectedAsync().WaitAsync(cancellationToken)
            ? HealthCheckResult.Healthy("redis answers")
            : HealthCheckResult.Degraded("redis does not answer: values stay in this process");
}
