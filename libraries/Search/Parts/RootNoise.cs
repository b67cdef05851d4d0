namespace O1Coder.Search;

/// <summary>
/// AlphaZero's exploration noise: P' = (1 − ε)·P + ε·η with η ~ Dirichlet(α) over the root's children (arXiv 1712.01815).
/// η_i = g_i / Σ g_j with g ~ Gamma(α), drawn by Marsaglia and Tsang (2000) from a stream that is the child's own, so that
/// it does not depend on when the child is looked at.
/// </summary>
/// <param name="fraction">ε, in (0, 1].</param>
/// <param name="concentration">α, above 0.</param>
internal sealed class RootNoise(double fraction, double concentration)
{
    private readonly Dictionary<SearchNode, double> _draws = [];

    /// <summary>The prior with its noise; a way to new children has none.</summary>
    public double Mix(SearchNode root, SearchNode? child, double prior) => child is null
        ? (1 - fraction) * prior
        : ((1 - fraction) * prior) + (fraction * DrawOf(child) / root.Children.Sum(DrawOf));

    private double DrawOf(SearchNode child)
    {
        if (!_draws.TryGetValue(child, out var draw))
        {
            draw = Gamma(new SplitMix64(SplitMix64.Mix(child.Key, 6)));
            _draws.Add(child, draw);
        }

        return draw;
    }

    private double Gamma(SplitMix64 chance)
    {
        // Below 1: Gamma(α) = Gamma(α + 1)·U^(1/α).
        var boost = concentration < 1 ? Math.Pow(Uniform(ref chance), 1 / concentration) : 1;
        var d = (concentration < 1 ? concentration + 1 : concentration) - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Math.Sqrt(-2 * Math.Log(Uniform(ref chance))) * Math.Cos(2 * Math.PI * Uniform(ref chance));
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(Uniform(ref chance)) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v * boost;
            }
        }
    }

    // In (0, 1): a logarithm of it is finite.
    private static double Uniform(ref SplitMix64 chance) => ((chance.Next() >> 11) + 0.5) / (1UL << 53);
}
