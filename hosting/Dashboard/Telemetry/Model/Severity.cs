namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>How bad a log line is, in the words of .NET.</summary>
public enum Severity
{
    /// <summary>None was told.</summary>
    Unspecified = 0,

    /// <summary>Numbers 1 to 4 of OTLP.</summary>
    Trace = 1,

    /// <summary>Numbers 5 to 8 of OTLP.</summary>
    Debug = 2,

    /// <summary>Numbers 9 to 12 of OTLP.</summary>
    Information = 3,

    /// <summary>Numbers 13 to 16 of OTLP.</summary>
    Warning = 4,

    /// <summary>Numbers 17 to 20 of OTLP.</summary>
    Error = 5,

    /// <summary>Numbers 21 to 24 of OTLP.</summary>
    Critical = 6,
}
