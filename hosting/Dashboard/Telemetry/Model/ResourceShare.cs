namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>How many spans of a trace are a resource's.</summary>
public readonly record struct ResourceShare(TelemetryResource Resource, int Spans, int Errors);
