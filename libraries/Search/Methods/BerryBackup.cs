namespace O1Coder.Search;

/// <summary>
/// How values go up in SR-MCTS (LLaMA-Berry, arXiv 2410.02884, section 2): a solution's evaluation is E = α·Q_g + (1−α)·Q_l,
/// Q_g its quantile among all solutions (<see cref="BordaRanking"/>) and Q_l the share of its children that beat it or
/// that it beats; without children E = Q_g. The new solution has Q = E, those above it Q(s) ← (1−γ)·Q(s) + γ·Q(s'), s' being
/// the one below.
/// </summary>
/// <param name="ranking">Knows who beats whom.</param>
/// <param name="alpha">α.</param>
/// <param name="gamma">γ.</param>
/// <param name="childrenBeat">Whether Q_l counts the children that beat a solution, else those that it beats.</param>
/// <param name="current">Whether Q(s) on the right is E as it is now, else the Q that it has.</param>
internal sealed class BerryBackup(BordaRanking ranking, double alpha, double gamma, bool childrenBeat, bool current) : IBackup
{
    /// <inheritdoc/>
    public (IReadOnlyList<double> Values, IReadOnlyList<AssignedValue> Assigned) Up(
        SearchTree tree, IReadOnlyList<SearchNode> path, double value)
    {
        // The root is the problem, not a solution; the last may hold no program, which is worth 0.
        var leaf = path[^1];
        var ranked = path.Skip(1).Where(node => node.Judgement is not null).ToList();
        var globals = ranked.Zip(ranking.QuantilesOf([.. ranked.Select(node => node.Number)])).ToDictionary(one => one.First, one => one.Second);
        var below = globals.GetValueOrDefault(leaf);
        var assigned = new List<AssignedValue> { new(leaf.Number, below) };
        for (var node = leaf.Parent!; node.Parent is not null; node = node.Parent)
        {
            var before = current ? Evaluate(node, globals[node]) : node.Value;
            below = ((1 - gamma) * before) + (gamma * below);
            assigned.Add(new AssignedValue(node.Number, below));
        }

        return ([], assigned);
    }

    private double Evaluate(SearchNode node, double global)
    {
        var won = node.Children.Count(child =>
            childrenBeat ? ranking.Beats(child.Number, node.Number) : ranking.Beats(node.Number, child.Number));
        return (alpha * global) + ((1 - alpha) * ((double)won / node.Children.Count));
    }
}
