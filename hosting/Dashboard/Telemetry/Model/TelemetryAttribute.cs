namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>A name and its value as text: arrays and maps as JSON, bytes as base64.</summary>
public readonly record struct TelemetryAttribute(string Key, string Value);
