namespace O1Coder.Inference.Scheduling;

/// <summary>The callers of one priority.</summary>
/// <param name="rank">0 for the highest.</param>
internal sealed class PriorityLevel(int rank)
{
    /// <summary>0 for the highest.</summary>
    public int Rank => rank;

    /// <summary>Callers in the order of their turns, the next first.</summary>
    public LinkedList<CallerLine> Lines { get; } = [];

    /// <summary>They by name.</summary>
    public Dictionary<string, CallerLine> ByName { get; } = new(StringComparer.Ordinal);

    /// <summary>Turns that higher priorities have taken since this one, while somebody here wanted one.</summary>
    public int Passed { get; set; }
}
