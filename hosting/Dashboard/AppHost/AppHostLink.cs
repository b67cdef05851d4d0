namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>How the dashboard stands with its AppHost.</summary>
internal enum AppHostLink
{
    /// <summary>There is none: telemetry only.</summary>
    None,

    /// <summary>The first connection is being made.</summary>
    Connecting,

    /// <summary>What is shown is what is.</summary>
    Connected,

    /// <summary>It does not answer; what is shown is the last that it said.</summary>
    Lost,
}
