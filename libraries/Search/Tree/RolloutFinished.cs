namespace O1Coder.Search;

/// <summary>A value went up the tree: every node on the path has one visit more.</summary>
/// <param name="Rollout">The number of the backup, from 1.</param>
/// <param name="Path">The nodes from the root to the leaf.</param>
/// <param name="Value">The value that was backed up: in [0, 1], or in [−1, 1] for methods that punish.</param>
public sealed record RolloutFinished(int Rollout, IReadOnlyList<int> Path, double Value) : SearchEvent
{
    /// <summary>The value of each node of the path, where it is not <see cref="Value"/> all the way; else empty.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Values that the method gives to nodes after the visits were counted, on the path or elsewhere.</summary>
    public IReadOnlyList<AssignedValue> Assigned { get; init; } = [];
}
