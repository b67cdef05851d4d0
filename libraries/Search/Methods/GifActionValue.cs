namespace O1Coder.Search;

/// <summary>
/// What one more action of a kind is expected to be worth in GIF-MCTS: v = (w_G·v_G + w_L·v_L) / (w_G + w_L), clipped to
/// [0, 1]. v_G is the mean value of all actions of the kind, begun at a prior; v_L the mean of those at the node, and without
/// one v = v_G. After each action w_G and w_L take a step down the gradient of (v − target)² with rate 1/(1 + count), count
/// being the prior's and the actions so far (code: <c>value_model.py</c>).
/// </summary>
/// <param name="prior">v_G before the first action.</param>
/// <param name="count">Actions that the prior counts as.</param>
/// <param name="weightGlobal">w_G to begin with.</param>
/// <param name="weightLocal">w_L to begin with.</param>
internal sealed class GifActionValue(double prior, double count, double weightGlobal, double weightLocal)
{
    // A step that would bring the weights' sum near 0 would throw every later value about.
    private const double LeastWeights = 1e-3;

    private double _sum = prior * count;
    private double _count = count;
    private double _global = weightGlobal;
    private double _local = weightLocal;

    /// <summary>v of one more action.</summary>
    /// <param name="local">v_L; null where the node has no such child.</param>
    public double Of(double? local) => Math.Clamp(Predict(local), 0, 1);

    /// <summary>Learns from an action: first the weights, then v_G.</summary>
    /// <param name="local">v_L as it was before the action.</param>
    /// <param name="value">What the action came to.</param>
    public void Learn(double? local, double value)
    {
        if (local is { } siblings)
        {
            var mean = _sum / _count;
            var weights = _global + _local;
            var slope = 2 * (Predict(local) - value) * (mean - siblings) / (weights * weights);
            var rate = 1 / (1 + _count);
            var (global, other) = (_global - (rate * slope * _local), _local + (rate * slope * _global));
            if (global + other > LeastWeights)
            {
                (_global, _local) = (global, other);
            }
        }

        _sum += value;
        _count++;
    }

    private double Predict(double? local)
    {
        var mean = _sum / _count;
        return local is { } siblings ? ((_global * mean) + (_local * siblings)) / (_global + _local) : mean;
    }
}
