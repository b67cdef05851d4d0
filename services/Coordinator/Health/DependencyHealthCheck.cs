using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace O1Coder.Coordinator;

/// <summary>
/// Whether a service that searches need answers. Where it does not this one is degraded, not unhealthy: searches wait for
/// it and go on, and an orchestrator that took this one away too would make of one outage two.
/// </summary>
/// <param name="name">The service's name for people, for example "policy".</param>
/// <param name="ask">A cheap question that it can answer only when it can work.</param>
internal sealed class DependencyHealthCheck(string name, Func<CallOptions, Task> ask) : IHealthCheck
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await ask(new CallOptions(deadline: DateTime.UtcNow + s_limit, cancellationToken: cancellationToken));
            return HealthCheckResult.Healthy($"{name} answers");
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Degraded($"{name}: {exception.StatusCode}: {exception.Status.Detail}");
        }
    }
}
