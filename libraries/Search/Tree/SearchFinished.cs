namespace O1Coder.Search;

/// <summary>A search has ended; the last event.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Node">The node of the best program, see <see cref="SearchTree.Best"/>; null when there is none.</param>
/// <param name="Program">The best program, null when there is none.</param>
/// <param name="Value">Its value on the visible tests; 0 when there is none.</param>
/// <param name="TreeHash">See <see cref="SearchTree.ComputeHash"/>.</param>
public sealed record SearchFinished(
    StopReason Reason, int? Node, string? Program, double Value, string TreeHash) : SearchEvent;
