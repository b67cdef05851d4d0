namespace O1Coder.Search;

/// <summary>How a value goes up the tree. Asked in the rollout's turn, so it may read the tree.</summary>
internal interface IBackup
{
    /// <summary>What each node gets.</summary>
    /// <param name="tree">The tree before the backup.</param>
    /// <param name="path">The nodes from the root to the leaf.</param>
    /// <param name="value">The leaf's value.</param>
    /// <returns>
    /// The value that is added to each node of the path, or nothing where it is the leaf's all the way; and the values Q that
    /// replace the mean.
    /// </returns>
    (IReadOnlyList<double> Values, IReadOnlyList<AssignedValue> Assigned) Up(
        SearchTree tree, IReadOnlyList<SearchNode> path, double value);
}
