namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>How a span ended; numbers are those of OTLP.</summary>
public enum SpanStatus
{
    /// <summary>Nothing was told, which is how success is usually sent.</summary>
    Unset = 0,

    /// <summary>Said to be well.</summary>
    Ok = 1,

    /// <summary>It failed.</summary>
    Error = 2,
}
