namespace O1Coder.Cli.Telemetry;

/// <summary>Where a command sends its spans, by OTLP over gRPC.</summary>
/// <param name="Endpoint">The collector's address, for example http://localhost:19000.</param>
/// <param name="ApiKey">The dashboard's key for OTLP; empty where it wants none.</param>
public sealed record TelemetryTarget(Uri Endpoint, string ApiKey);
