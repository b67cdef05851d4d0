namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>What a search found.</summary>
/// <param name="Hits">The newest places.</param>
/// <param name="Logs">In how many log lines.</param>
/// <param name="Lines">In how many console lines.</param>
/// <param name="Spans">In how many spans.</param>
public sealed record SearchResult(IReadOnlyList<SearchHit> Hits, int Logs, int Lines, int Spans)
{
    /// <summary>In how many places.</summary>
    public int All => Logs + Lines + Spans;
}
