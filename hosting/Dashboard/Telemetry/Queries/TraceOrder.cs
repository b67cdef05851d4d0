namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>In which order traces are told.</summary>
public enum TraceOrder
{
    /// <summary>The one that began last first.</summary>
    Newest,

    /// <summary>The longest first.</summary>
    Longest,

    /// <summary>That with most spans first.</summary>
    MostSpans,
}
