using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Asks for the health of a running replica and publishes it.</summary>
internal sealed class HealthMonitor(HealthCheckService health, ResourceNotificationService notifications)
{
    // A start is waited for, so ask often at first; a healthy resource is looked at now and then.
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_healthyInterval = TimeSpan.FromSeconds(30);

    /// <summary>Runs until it is cancelled.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="id">The replica's id.</param>
    /// <param name="onHealthy">Called whenever all checks pass.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(IResource resource, string id, Func<Task> onHealthy, CancellationToken cancellationToken)
    {
        try
        {
            await WatchAsync(resource, id, onHealthy, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The replica has ended: there is no health to ask for.
            return;
        }
    }

    private async Task WatchAsync(IResource resource, string id, Func<Task> onHealthy, CancellationToken cancellationToken)
    {
        var keys = ResourceModel.HealthCheckKeys(resource);
        if (keys.Count == 0)
        {
            await onHealthy();
            return;
        }

        var retry = s_firstRetry;
        while (true)
        {
            var report = await health.CheckHealthAsync(check => keys.Contains(check.Name), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await notifications.PublishUpdateAsync(resource, id, present => present with
            {
                HealthReports = [.. keys.Select(key => Report(key, report))],
            });
            var healthy = report.Status == HealthStatus.Healthy && keys.All(report.Entries.ContainsKey);
            if (healthy)
            {
                await onHealthy();
            }

            var pause = healthy ? s_healthyInterval : retry;
            retry = healthy ? s_firstRetry : TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, s_lastRetry.Ticks));
            await Task.Delay(pause, cancellationToken);
        }
    }

    private static HealthReportSnapshot Report(string key, HealthReport report) =>
        report.Entries.TryGetValue(key, out var entry)
            ? new HealthReportSnapshot(key, entry.Status, entry.Description, entry.Exception?.Message) { LastRunAt = DateTime.UtcNow }
            : new HealthReportSnapshot(key, HealthStatus.Unhealthy, "no health check is registered under this key", null);
}
