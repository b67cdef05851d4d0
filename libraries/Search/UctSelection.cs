namespace O1Coder.Search;

/// <summary>
/// Which way a rollout goes at a node whose children were all visited: UCT(a) = W_a/N_a + c·sqrt(ln N / N_a)
/// (o1-Coder's code, after Kocsis and Szepesvári 2006).
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
public static class UctSelection
{
    /// <summary>The child to go to, or null for new children at this node.</summary>
    /// <param name="node">A node with children, each of them visited or closed.</param>
    /// <param name="options">Gives c and the depth limit.</param>
    public static SearchNode? Choose(SearchNode node, SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        SearchNode? best = null;
        var bestScore = double.NegativeInfinity;
        var closedVisits = 0;
        var closedValue = 0.0;
        foreach (var child in node.Children)
        {
            if (IsClosed(child, options))
            {
                closedVisits += child.Visits;
                closedValue += child.ValueSum;
                continue;
            }

            var score = options.ProcessRewardWeight > 0 && child.ProcessReward is { } reward
                ? Score(child, reward, options)
                : Score(child.ValueSum, child.Visits, node.Visits, options.Exploration);
            if (score > bestScore)
            {
                (best, bestScore) = (child, score);
            }
        }

        // Without a visited closed child there is no such way yet, as in the paper, unless there is no open child at
        // all.
        return best is null || (closedVisits > 0 &&
            Score(closedValue, closedVisits, node.Visits, options.Exploration) > bestScore)
            ? null
            : best;
    }

    /// <summary>Whether no rollout can go below this node: it is terminal or stands at the depth limit.</summary>
    public static bool IsClosed(SearchNode node, SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        return node.Terminal || node.Depth >= options.MaxDepth;
    }

    private static double Score(SearchNode child, double reward, SearchOptions options)
    {
        var weight = options.ProcessRewardWeight;
        return ((child.ValueSum + (weight * reward)) / (child.Visits + weight))
            + (options.Exploration * Math.Sqrt(Math.Log(child.Parent!.Visits) / child.Visits));
    }

    /// <summary>UCT of one way.</summary>
    /// <param name="valueSum">W_a.</param>
    /// <param name="visits">N_a, at least 1.</param>
    /// <param name="parentVisits">N, at least N_a.</param>
    /// <param name="exploration">c.</param>
    public static double Score(double valueSum, int visits, int parentVisits, double exploration) =>
        (valueSum / visits) + (exploration * Math.Sqrt(Math.Log(parentVisits) / visits));
}
