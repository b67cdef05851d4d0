namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of a resource's log and when it was written.</summary>
/// <param name="Line">The line.</param>
/// <param name="At">When, in UTC.</param>
internal readonly record struct TimedLogLine(LogLine Line, DateTime At);
