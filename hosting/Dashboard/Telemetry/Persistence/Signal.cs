namespace O1Coder.Hosting.Dashboard.Telemetry.Persistence;

/// <summary>The kinds of telemetry; the numbers stand in files.</summary>
internal enum Signal
{
    /// <summary>Spans.</summary>
    Traces = 1,

    /// <summary>Log lines.</summary>
    Logs = 2,

    /// <summary>Points of metrics.</summary>
    Metrics = 3,
}
