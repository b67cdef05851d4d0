using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The last result of one health check.</summary>
/// <param name="Name">The check's key.</param>
/// <param name="Status">The result; null before the first one.</param>
/// <param name="Description">What the check had to say.</param>
/// <param name="ExceptionText">The exception that it ended with; null for none.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText)
{
    /// <summary>When the check last ran, in UTC; null before the first time.</summary>
    public DateTime? LastRunAt { get; init; }
}
