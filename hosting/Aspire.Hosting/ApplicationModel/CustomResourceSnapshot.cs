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

    /// <summary>Its commands.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; internal init; } = [];

    /// <summary>How it relates to others.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>Whether it is not shown unless asked for.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The icon that it is shown with; null for that of its type.</summary>
    public string? IconName { get; init; }

    /// <summary>How the icon is drawn; null for the default.</summary>
    public IconVariant? IconVariant { get; init; }

    /// <summary>The names of those that it waits for now.</summary>
    internal ImmutableArray<string> WaitingFor { get; init; } = [];

    /// <summary>What it wrote last before it ended with an exit code other than 0.</summary>
    internal ImmutableArray<TimedLogLine> LastLines { get; init; } = [];

    /// <summary>Whether what is to happen before others see a process as healthy has happened.</summary>
    internal bool ReadyEventEnded { get; init; }

    /// <summary>Why that failed; null when it did not.</summary>
    internal string? ReadyEventFailure { get; init; }

    /// <summary>
    /// The worst of <see cref="HealthReports"/>, a check without a result counting as Unhealthy; Healthy without
    /// checks; null when the resource does not run.
    /// </summary>
    public HealthStatus? HealthStatus =>
        State?.Text != KnownResourceStates.Running ? null
        : HealthReports.IsEmpty ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
        : HealthReports.Min(report => report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);
}
