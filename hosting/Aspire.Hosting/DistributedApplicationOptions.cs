namespace Aspire.Hosting;

/// <summary>How an application is made.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line: <c>--key value</c> becomes configuration.</summary>
    public string[]? Args { get; set; }

    /// <summary>The AppHost's assembly; null for the process's entry assembly.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The AppHost project's folder; null for the one of the running AppHost.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether there is to be no dashboard.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>The name that the dashboard shows.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>Kept, without effect: endpoints are on this machine only.</summary>
    public bool AllowUnsecuredTransport { get; set; }

    /// <summary>Whether the resources' logs are written to the AppHost's console, each line with its resource's name.</summary>
    public bool EnableResourceLogging { get; set; }
}
