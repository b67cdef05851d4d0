using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>What one dimension came to in the time that was asked for.</summary>
/// <param name="Resource">Whose.</param>
/// <param name="Attributes">Which dimension.</param>
/// <param name="Value">The last value of a gauge or of an up-down counter; how much a counter grew; how many values a histogram took.</param>
/// <param name="Distribution">A histogram's values; null otherwise.</param>
/// <param name="Mean">The mean of a histogram's values; null otherwise.</param>
public sealed record DimensionRow(TelemetryResource Resource, TelemetryAttribute[] Attributes, double? Value, HistogramBuckets? Distribution, double? Mean)
{
    /// <summary>Its attributes in one line.</summary>
    public string Label => Attributes.Length == 0 ? "(no attributes)" : string.Join(", ", Attributes.Select(attribute => $"{attribute.Key}={attribute.Value}"));
}
