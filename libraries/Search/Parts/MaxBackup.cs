namespace O1Coder.Search;

/// <summary>
/// Q is the largest return that came by: Q(s) ← max(Q(s), γ^k·v), k being the steps that lie between the node and the end of
/// the path's last thought, its own included; the program itself has v and the root what its child has. W stays the
/// sum of the values as they were.
/// </summary>
/// <param name="discount">γ, in [0, 1].</param>
internal sealed class MaxBackup(double discount) : IBackup
{
    /// <inheritdoc/>
    public (IReadOnlyList<double> Values, IReadOnlyList<AssignedValue> Assigned) Up(
        SearchTree tree, IReadOnlyList<SearchNode> path, double value)
    {
        var assigned = new AssignedValue[path.Count];
        var worth = value;
        for (var i = path.Count - 1; i >= 0; i--)
        {
            if (i > 0 && i < path.Count - 1)
            {
                worth *= discount;
            }

            assigned[i] = new AssignedValue(path[i].Number, path[i].AssignedValue is { } before ? Math.Max(before, worth) : worth);
        }

        return ([], assigned);
    }
}
