using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The state of one replica of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>The kind of resource: Project, Executable, Parameter, …</summary>
    public required string ResourceType { get; init; }

    /// <summary>What is known about it.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>Its state; null before the application starts.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>When the application learned of it.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When it last ended.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>What it ended with; null while it has not.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The variables that it was started with.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Its URLs.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>The last result of each of its health checks.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>
    /// The worst of <see cref="HealthReports"/>, a check without a result counting as Unhealthy; Healthy without
    /// checks; null when the resource does not run.
    /// </summary>
    public HealthStatus? HealthStatus =>
        State?.Text != KnownResourceStates.Running ? null
        : HealthReports.IsEmpty ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
        : HealthReports.Min(report => report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);
}
