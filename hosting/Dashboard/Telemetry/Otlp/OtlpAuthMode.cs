namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>Who may send telemetry, in Aspire's words.</summary>
internal enum OtlpAuthMode
{
    /// <summary>Who has the key.</summary>
    ApiKey,

    /// <summary>Anybody who reaches the port.</summary>
    Unsecured,
}
