namespace O1Coder.Search;

/// <summary>
/// The way with the largest score; of equal ones the first. Ways are the unfinished children, the finished ones that were not
/// tried, and "new children here", which stands for all that were tried and have ended: going there again would spend a
/// rollout on a known value (see <see cref="UctSelection"/>). Where all have ended the node gets new children.
/// </summary>
/// <param name="options">Gives the depth limit.</param>
internal abstract class StepSelection(SearchOptions options) : ISelection
{
    /// <inheritdoc/>
    public SearchNode? Choose(SearchNode node, int rollout)
    {
        var arms = ArmsOf(node);
        if (arms.Count == 0)
        {
            return null;
        }

        var score = ScoresOf(node, arms);
        var best = arms[0];
        var bestScore = double.NegativeInfinity;
        foreach (var arm in arms)
        {
            var one = score(arm);
            if (one > bestScore)
            {
                (best, bestScore) = (arm, one);
            }
        }

        return best.Node;
    }

    /// <summary>What scores a node's ways.</summary>
    protected abstract Func<Arm, double> ScoresOf(SearchNode node, IReadOnlyList<Arm> arms);

    /// <summary>Visits and rollouts under way.</summary>
    protected static int Entered(SearchNode node) => node.Visits + node.Unobserved;

    private List<Arm> ArmsOf(SearchNode node)
    {
        var arms = new List<Arm>(node.Open.Count + 1);
        var atLimit = node.Depth + 1 >= options.MaxDepth;
        foreach (var child in node.Open)
        {
            if (!atLimit)
            {
                arms.Add(ArmOf(node, child));
            }
        }

        foreach (var child in FreshChildren.Of(node))
        {
            if (child.Terminal || atLimit)
            {
                arms.Add(ArmOf(node, child));
            }
        }

        if (arms.Count > 0 && Ended(node, atLimit) is { Visits: > 0 } ended)
        {
            arms.Add(ended);
        }

        return arms;
    }

    private static Arm ArmOf(SearchNode node, SearchNode child) => new(
        child, child.Visits, Entered(child), child.Value, (child.Prior ?? 0) / Math.Max(1, node.Expansions));

    // Q is the mean over all of them. The prior is not kept as a sum, but all of a node's priors sum to its expansions.
    private static Arm Ended(SearchNode node, bool atLimit)
    {
        var (visits, value) = (node.TerminalVisits, node.TerminalValueSum);
        if (atLimit)
        {
            foreach (var child in node.Open)
            {
                visits += child.Visits;
                value += child.ValueSum;
            }
        }

        var others = 0.0;
        foreach (var child in node.Open)
        {
            others += atLimit ? 0 : child.Prior ?? 0;
        }

        foreach (var child in node.Fresh)
        {
            others += child.Terminal || atLimit ? child.Prior ?? 0 : 0;
        }

        var prior = Math.Clamp(1 - (others / Math.Max(1, node.Expansions)), 0, 1);
        return new Arm(null, visits, visits, visits == 0 ? 0 : value / visits, prior);
    }
}
