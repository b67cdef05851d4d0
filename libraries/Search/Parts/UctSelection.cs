namespace O1Coder.Search;

/// <summary>
/// Which way a rollout goes at a node whose children were all entered: UCT(a) = W_a/N_a + c·sqrt(ln N / N_a)
/// (o1-Coder's code, after Kocsis and Szepesvári 2006). With rollouts under way, O of them through a node, it is
/// WU-UCT: W_a/N_a + c·sqrt(ln(N + O) / (N_a + O_a)) (Liu et al. 2020, arXiv 1810.11755, equation 4); a child that only
/// rollouts under way have entered has W/N = 0 there as here.
/// <para>
/// A finished path cannot be explored further, and going there again would spend a rollout on a known value. So the
/// ways at a node are its open children and one more, "ask for new children here", which stands for all closed
/// children together: N_a and W_a are their sums. (GIF-MCTS values its action "generate" in the same way, by the
/// results of the siblings that it made.) A node whose children are all closed therefore always widens.
/// </para>
/// <para>
/// An open child with a process reward r has Q' = (W_a + w·r) / (N_a + w) in place of W_a/N_a; see
/// <see cref="SearchOptions.ProcessRewardWeight"/>.
/// </para>
/// </summary>
/// <param name="options">Gives c, w, the depth limit and the order of fresh children.</param>
internal sealed class UctSelection(SearchOptions options) : ISelection
{
    /// <inheritdoc/>
    public SearchNode? Choose(SearchNode node, int rollout)
    {
        var fresh = FreshChildren.Of(node);
        if (fresh.Count > 0)
        {
            return FreshChildren.Pick(fresh, options, new SplitMix64(SplitMix64.Mix(node.Key, 3, (ulong)rollout)));
        }

        SearchNode? best = null;
        var bestScore = double.NegativeInfinity;
        var (closedVisits, closedValue) = (node.TerminalVisits, node.TerminalValueSum);
        if (node.Depth + 1 >= options.MaxDepth)
        {
            foreach (var child in node.Open)
            {
                closedVisits += child.Visits;
                closedValue += child.ValueSum;
            }
        }
        else
        {
            var rewarded = options.ProcessRewardWeight > 0;
            var logarithm = Math.Log(node.Entered);
            foreach (ref readonly var way in node.Ways)
            {
                if (way.Entered == 0)
                {
                    continue;
                }

                var score = ValueOf(in way, rewarded) + (options.Exploration * Math.Sqrt(logarithm / way.Entered));
                if (score > bestScore)
                {
                    (best, bestScore) = (way.Node, score);
                }
            }
        }

        // Without a visited closed child there is no such way yet, as in the paper, unless there is no open child at
        // all.
        return best is null || (closedVisits > 0 &&
            Score(closedValue, closedVisits, closedVisits, node.Entered, options.Exploration) > bestScore)
            ? null
            : best;
    }

    private double ValueOf(in Arm way, bool rewarded)
    {
        if (rewarded && way.Node is { ProcessReward: { } reward } child)
        {
            var weight = options.ProcessRewardWeight;
            return (child.ValueSum + (weight * reward)) / (child.Visits + weight);
        }

        return way.Value;
    }

    /// <summary>UCT of one way.</summary>
    /// <param name="valueSum">W_a.</param>
    /// <param name="visits">N_a.</param>
    /// <param name="entered">N_a + O_a, at least 1.</param>
    /// <param name="parentEntered">N + O, at least <paramref name="entered"/>.</param>
    /// <param name="exploration">c.</param>
    public static double Score(double valueSum, int visits, int entered, int parentEntered, double exploration) =>
        (visits == 0 ? 0 : valueSum / visits) + (exploration * Math.Sqrt(Math.Log(parentEntered) / entered));
}
