namespace O1Coder.Search;

/// <summary>A value went up the tree: every node on the path has one visit more.</summary>
/// <param name="Rollout">The rollout's number, from 1.</param>
/// <param name="Path">The nodes from the root to the leaf.</param>
/// <param name="Value">The value that was backed up, in [0, 1].</param>
public sealed record RolloutFinished(int Rollout, IReadOnlyList<int> Path, double Value) : SearchEvent;
