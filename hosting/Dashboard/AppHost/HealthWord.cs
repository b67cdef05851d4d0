namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>A resource's health, from the best to the worst.</summary>
public enum HealthWord
{
    /// <summary>It does not run.</summary>
    None,

    /// <summary>Every check says so, or there is none.</summary>
    Healthy,

    /// <summary>A check has not run yet.</summary>
    Checking,

    /// <summary>A check says so.</summary>
    Degraded,

    /// <summary>A check fails.</summary>
    Unhealthy,
}
