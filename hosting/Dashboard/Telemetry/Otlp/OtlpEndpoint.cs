namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>Marks an endpoint that takes telemetry: answered on OTLP's ports alone, and to who has the key.</summary>
internal sealed class OtlpEndpoint
{
    /// <summary>The mark.</summary>
    public static OtlpEndpoint Mark { get; } = new();
}
