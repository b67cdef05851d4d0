namespace O1Coder.Search;

/// <summary>
/// How values go up in MCTSr (Zhang et al. 2024, arXiv 2406.07394; code: MathBlackBox): a solution has its reward R in
/// [−1, 1], in the code [−100, 100]; those above it Q(s) ← (Q(s) + max Q of its children)/2. The code's reward is
/// (min + mean)/2 of the samples of a self-reward, of which one of 95 or more counts as 50; there is one sample here, which
/// is its own minimum and mean, and a verdict is taken as it is.
/// </summary>
internal sealed class SelfRefineBackup : IBackup
{
    private const double TooGood = 0.95;
    private const double InItsPlace = 0.5;

    /// <summary>The only one: it keeps nothing.</summary>
    public static SelfRefineBackup Instance { get; } = new();

    /// <inheritdoc/>
    public (IReadOnlyList<double> Values, IReadOnlyList<AssignedValue> Assigned) Up(
        SearchTree tree, IReadOnlyList<SearchNode> path, double value)
    {
        var leaf = path[^1];
        var own = leaf.ProcessReward is { } reward ? Tempered((2 * reward) - 1) : (2 * value) - 1;
        var assigned = new List<AssignedValue> { new(leaf.Number, own) };
        for (var (node, below) = (leaf.Parent!, leaf); node.Parent is not null; (node, below) = (node.Parent, node))
        {
            var best = assigned[^1].Value;
            foreach (var child in node.Children)
            {
                if (child != below && child.Visits > 0)
                {
                    best = Math.Max(best, child.Value);
                }
            }

            assigned.Add(new AssignedValue(node.Number, (node.Value + best) / 2));
        }

        return ([], assigned);
    }

    private static double Tempered(double reward) => reward >= TooGood ? InItsPlace : reward;
}
