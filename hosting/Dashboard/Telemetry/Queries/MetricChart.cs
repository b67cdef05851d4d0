using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>What an instrument told in a time.</summary>
/// <param name="Kind">What its numbers are.</param>
/// <param name="Unit">In what it counts.</param>
/// <param name="Description">What it tells.</param>
/// <param name="From">Where the time begins, UTC ticks.</param>
/// <param name="To">Where it ends, UTC ticks.</param>
/// <param name="Lines">Percentiles of a histogram, rates of a counter, values otherwise.</param>
/// <param name="LinesLeftOut">How many dimensions have no line of their own because there are too many.</param>
/// <param name="Rows">Each dimension by itself.</param>
/// <param name="Distribution">All values of a histogram; null otherwise, and where there are none.</param>
/// <param name="Exemplars">Measurements with a trace, the newest first.</param>
/// <param name="Dimensions">The names of attributes and the values that each has, whether asked for or not.</param>
public sealed record MetricChart(
    InstrumentKind Kind,
    string Unit,
    string Description,
    long From,
    long To,
    IReadOnlyList<ChartLine> Lines,
    int LinesLeftOut,
    IReadOnlyList<DimensionRow> Rows,
    HistogramBuckets? Distribution,
    IReadOnlyList<MetricExemplar> Exemplars,
    IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Dimensions);
