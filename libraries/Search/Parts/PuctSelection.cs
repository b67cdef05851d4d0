namespace O1Coder.Search;

/// <summary>
/// PUCT as in AlphaZero (Silver et al. 2018, Science 362, pseudocode; arXiv 1712.01815): Q(s,a) + C(s)·P(s,a)·√N(s) /
/// (1 + N(s,a)) with C(s) = ln((1 + N(s) + c_base)/c_base) + c_init. Rollouts under way count as visits in C, √N and
/// 1 + N(s,a) (WU-UCT's rule put to this formula) and not in Q.
/// </summary>
/// <param name="options">Gives the depth limit.</param>
/// <param name="baseVisits">c_base.</param>
/// <param name="initial">c_init.</param>
/// <param name="unvisited">Q of a child without a visit, given the parent.</param>
/// <param name="rescale">Whether Q is rescaled to [0, 1] by the least and largest among the parent and its visited children (mctx).</param>
/// <param name="noise">Dirichlet noise at the root; null for none.</param>
internal sealed class PuctSelection(
    SearchOptions options, double baseVisits, double initial, Func<SearchNode, SearchNode, double> unvisited, bool rescale,
    RootNoise? noise) : StepSelection(options)
{
    /// <inheritdoc/>
    protected override void Score(SearchNode node, ReadOnlySpan<Arm> arms, Span<double> scores)
    {
        var parent = node.Entered;
        var weight = (Math.Log((1 + parent + baseVisits) / baseVisits) + initial) * Math.Sqrt(parent);
        var (least, span) = rescale ? RangeOf(node, arms) : (0, 1);
        var noisy = noise is not null && node.Parent is null;
        for (var i = 0; i < arms.Length; i++)
        {
            ref readonly var arm = ref arms[i];
            var q = arm.Visits == 0 ? unvisited(node, arm.Node!) : arm.Value;
            var prior = noisy ? noise!.Mix(node, arm.Node, arm.Prior) : arm.Prior;
            scores[i] = ((q - least) / span) + (weight * prior / (1 + arm.Entered));
        }
    }

    private static (double Least, double Span) RangeOf(SearchNode node, ReadOnlySpan<Arm> arms)
    {
        var (least, largest) = (node.Value, node.Value);
        foreach (ref readonly var arm in arms)
        {
            if (arm.Visits > 0)
            {
                (least, largest) = (Math.Min(least, arm.Value), Math.Max(largest, arm.Value));
            }
        }

        return (least, Math.Max(largest - least, 1e-8));
    }
}
