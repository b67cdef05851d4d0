namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>A value and how long it held: a value that is sent again makes the point longer, not another point.</summary>
/// <param name="Start">When it was first measured, UTC ticks.</param>
/// <param name="End">When it was last measured, UTC ticks.</param>
/// <param name="Value">A gauge's value, a sum's running total, or the running sum of a histogram's values.</param>
/// <param name="Count">The running count of a histogram's values; 0 otherwise.</param>
/// <param name="Buckets">The running counts of a histogram's buckets; null otherwise.</param>
/// <param name="Exemplars">Measurements behind it; null for none.</param>
public readonly record struct MetricPoint(long Start, long End, double Value, ulong Count, HistogramBuckets? Buckets, MetricExemplar[]? Exemplars)
{
    private const int ExemplarBytes = 80;

    internal int Size => 64 + (Buckets?.Size ?? 0) + ((Exemplars?.Length ?? 0) * ExemplarBytes);
}
