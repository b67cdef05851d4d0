using O1Coder.Hosting.Dashboard.ConsoleLogs;
using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>A place where a text was found.</summary>
/// <param name="Time">When what it was found in happened, UTC ticks.</param>
/// <param name="Resource">Whose telemetry it is; null for a console line.</param>
/// <param name="Line">The console line; null for telemetry.</param>
/// <param name="Log">The log line, or null.</param>
/// <param name="Span">The span, or null.</param>
/// <param name="Field">Which part of it.</param>
/// <param name="Before">What stands before, cut.</param>
/// <param name="Found">The text as it stands there.</param>
/// <param name="After">What stands behind, cut.</param>
public sealed record SearchHit(long Time, TelemetryResource? Resource, KeptLine? Line, LogEntry? Log, Span? Span, string Field, string Before, string Found, string After);
