namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>Which side of a call a span is; numbers are those of OTLP.</summary>
public enum SpanKind
{
    /// <summary>None was told.</summary>
    Unspecified = 0,

    /// <summary>Work inside a service.</summary>
    Internal = 1,

    /// <summary>A call that is answered.</summary>
    Server = 2,

    /// <summary>A call that is made.</summary>
    Client = 3,

    /// <summary>A message that is sent.</summary>
    Producer = 4,

    /// <summary>A message that is taken.</summary>
    Consumer = 5,
}
