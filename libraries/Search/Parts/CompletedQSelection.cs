namespace O1Coder.Search;

/// <summary>
/// The deterministic choice below the root of Gumbel search: argmax π'(a) − N(a)/(1 + ΣN) with
/// π' = softmax(logits + σ(completed Q)), σ(q) = (c_visit + max N)·c_scale·q (Danihelka et al., ICLR 2022, equations 8, 11,
/// 14). Q of a child without a visit is v_mix = (v̂ + ΣN/Σπ_visited · Σ π(a) q(a)) / (1 + ΣN), sums over visited children
/// (equation 33), with v̂ the node's own value Q. Rollouts under way count as visits.
/// </summary>
/// <param name="options">Gives the depth limit.</param>
/// <param name="visit">c_visit.</param>
/// <param name="scale">c_scale.</param>
internal sealed class CompletedQSelection(SearchOptions options, double visit, double scale) : StepSelection(options)
{
    /// <summary>σ of a value, which has to be comparable with a logit.</summary>
    /// <param name="q">The value.</param>
    /// <param name="largestVisits">The largest visit count among the siblings.</param>
    public double Sigma(double q, int largestVisits) => (visit + largestVisits) * scale * q;

    /// <summary>A logit: ln of the prior.</summary>
    public static double LogitOf(double prior) => Math.Log(Math.Max(prior, 1e-30));

    /// <inheritdoc/>
    protected override void Score(SearchNode node, ReadOnlySpan<Arm> arms, Span<double> scores)
    {
        var (largest, visits, visitedPrior, visitedValue) = (0, 0, 0.0, 0.0);
        foreach (ref readonly var arm in arms)
        {
            largest = Math.Max(largest, arm.Entered);
            visits += arm.Entered;
            if (arm.Visits > 0)
            {
                visitedPrior += arm.Prior;
                visitedValue += arm.Prior * arm.Value;
            }
        }

        var mixed = visitedPrior > 0
            ? (node.Value + (visits / visitedPrior * visitedValue)) / (1 + visits)
            : node.Value;
        var most = double.NegativeInfinity;
        for (var i = 0; i < arms.Length; i++)
        {
            ref readonly var arm = ref arms[i];
            scores[i] = LogitOf(arm.Prior) + Sigma(arm.Visits > 0 ? arm.Value : mixed, largest);
            most = Math.Max(most, scores[i]);
        }

        var sum = 0.0;
        for (var i = 0; i < arms.Length; i++)
        {
            scores[i] = Math.Exp(scores[i] - most);
            sum += scores[i];
        }

        for (var i = 0; i < arms.Length; i++)
        {
            scores[i] = (scores[i] / sum) - (arms[i].Entered / (1.0 + visits));
        }
    }
}
