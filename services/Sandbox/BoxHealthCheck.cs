using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace O1Coder.Sandbox;

/// <summary>
/// Healthy while programs run: a box answered a moment ago, or a program that is tried now does what it should. The trial
/// does not wait in the queue, so a full service is a healthy one.
/// </summary>
internal sealed class BoxHealthCheck(Launcher launcher, BoxRunner boxes) : IHealthCheck
{
    private const string Program = "print(6 * 7)";

    /// <summary>How long a box's answer counts: longer than the usual time between two checks, so that a service at work is never held up by a trial.</summary>
    public TimeSpan Fresh { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>How long a trial may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (launcher.SinceAnswer < Fresh)
        {
            return HealthCheckResult.Healthy("programs run");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var facts = await boxes.RunAsync(new BoxRequest(Program, BoxMode.Stdio, default, boxes.OwnLimits), limit.Token);
            var said = Encoding.UTF8.GetString(facts.Output).Trim();
            return facts.Error is null && said == "42"
                ? HealthCheckResult.Healthy("programs run")
                : HealthCheckResult.Unhealthy($"\"{Program}\" said \"{said}\": {facts.Error ?? facts.Reason}");
        }
        catch (RpcException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Status.Detail);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"\"{Program}\" did not end within {Limit.TotalSeconds:0.#} s");
        }
    }
}
