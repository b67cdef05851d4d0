namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Values">A value for each step; null where there is none.</param>
public sealed record ChartLine(string Name, double?[] Values);
