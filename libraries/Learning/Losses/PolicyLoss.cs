using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>The clipped surrogate of PPO.</summary>
public static class PolicyLoss
{
    /// <summary>Log-ratios beyond this are cut off: e^20 is far beyond every clip, and its square still finite.</summary>
    internal const double MostLogRatio = 20;

    /// <summary>
    /// max(−ρA, −clip(ρ, 1 − ε_low, 1 + ε_high)·A) with ρ = π/π_old: PPO (arXiv 1707.06347, equation 7), with separate bounds as
    /// in DAPO (arXiv 2503.14476, equation 10), and where A &lt; 0 at most −cA: dual clip (arXiv 1912.09729, equation 5).
    /// </summary>
    /// <param name="oldLogp">[sequences, tokens]: log π_old of each token.</param>
    /// <param name="newLogp">[sequences, tokens]: log π, with gradient.</param>
    /// <param name="advantages">[sequences, tokens]: A.</param>
    /// <param name="mask">[sequences, tokens]: 1 where a token counts, at least once.</param>
    /// <param name="clipLow">ε_low, in [0, 1].</param>
    /// <param name="clipHigh">ε_high, at least 0.</param>
    /// <param name="dualClip">c, above 1.</param>
    /// <param name="aggregation">How tokens become one number.</param>
    /// <exception cref="ArgumentException">Shapes differ or a number is out of the range given above.</exception>
    public static PolicyLossResult Ppo(
        Tensor oldLogp, Tensor newLogp, Tensor advantages, Tensor mask,
        double clipLow, double clipHigh, double dualClip, LossAggregation aggregation)
    {
        Shapes.RequireMatrices(oldLogp, newLogp, advantages, mask);
        Require(clipLow is >= 0 and <= 1, nameof(clipLow), clipLow, "a number from 0 to 1");
        Require(clipHigh >= 0, nameof(clipHigh), clipHigh, "a number of at least 0");
        Require(dualClip > 1, nameof(dualClip), dualClip, "a number above 1");

        var logRatio = (newLogp - oldLogp).clamp(-MostLogRatio, MostLogRatio);
        var ratio = logRatio.exp();
        var plain = -advantages * ratio;
        var clipped = -advantages * ratio.clamp(1 - clipLow, 1 + clipHigh);
        var either = maximum(plain, clipped);
        var losses = where(advantages.lt(0), minimum(either, -advantages * dualClip), either);
        return new PolicyLossResult(
            Aggregation.Aggregate(losses, mask, aggregation),
            Aggregation.Mean(clipped.gt(plain).to(mask.dtype), mask),
            Aggregation.Mean(-logRatio, mask));
    }

    private static void Require(bool holds, string name, double value, string expected)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"expected {expected}");
        }
    }
}
