using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>How far a policy is from its reference.</summary>
public static class KlPenalty
{
    private const double MostK3 = 10;

    /// <summary>One estimate a token. k3 takes Δ within ±20 and is cut off at 10, so that one token cannot outweigh a batch.</summary>
    /// <param name="logp">[sequences, tokens]: log π.</param>
    /// <param name="referenceLogp">[sequences, tokens]: log π_ref.</param>
    /// <param name="estimator">Which.</param>
    /// <exception cref="ArgumentException">Shapes differ or are no matrices.</exception>
    public static Tensor PerToken(Tensor logp, Tensor referenceLogp, KlEstimator estimator)
    {
        Shapes.RequireMatrices(logp, referenceLogp);
        var delta = logp - referenceLogp;
        switch (estimator)
        {
            case KlEstimator.K1:
                return delta;
            case KlEstimator.K2:
                return delta.square() / 2;
            case KlEstimator.K3:
                var near = delta.clamp(-PolicyLoss.MostLogRatio, PolicyLoss.MostLogRatio);
                return ((-near).exp() - 1 + near).clamp(-MostK3, MostK3);
            default:
                throw new ArgumentOutOfRangeException(nameof(estimator), estimator, "expected k1, k2 or k3");
        }
    }
}
