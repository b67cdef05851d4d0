using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>A line of a waterfall.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">How many stand above it; 0 for one that nothing stands above.</param>
/// <param name="Descendants">How many hang from it; they follow it.</param>
/// <param name="IsOrphan">True when it has a parent that has not come.</param>
/// <param name="IsElsewhere">True when it is another resource's than the one it hangs from.</param>
public sealed record SpanRow(Span Span, int Depth, int Descendants, bool IsOrphan, bool IsElsewhere);
