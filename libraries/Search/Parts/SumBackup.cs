namespace O1Coder.Search;

/// <summary>The leaf's value is added to every node on the way: Q is the mean (UCT, Kocsis and Szepesvári 2006).</summary>
internal sealed class SumBackup : IBackup
{
    /// <summary>The only one: it keeps nothing.</summary>
    public static SumBackup Instance { get; } = new();

    /// <inheritdoc/>
    public (IReadOnlyList<double> Values, IReadOnlyList<AssignedValue> Assigned) Up(
        SearchTree tree, IReadOnlyList<SearchNode> path, double value) => ([], []);
}
