using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>Corrects for tokens that were drawn by another program than the one that trains.</summary>
public static class ImportanceWeights
{
    /// <summary>
    /// min(π_train / π_rollout, C) a token: truncated importance sampling (Ionides, "Truncated Importance Sampling", 2008,
    /// equation 2; for language models Yao et al., "Your Efficient RL Framework Secretly Brings You Off-Policy RL Training", 2025).
    /// </summary>
    /// <param name="trainLogp">[sequences, tokens]: log π of the trainer.</param>
    /// <param name="rolloutLogp">[sequences, tokens]: log π of the program that drew the tokens.</param>
    /// <param name="cap">C, above 0.</param>
    /// <param name="mask">[sequences, tokens]: 1 where a token counts.</param>
    /// <returns>[sequences, tokens]: weights outside autograd, 0 where a token does not count.</returns>
    /// <exception cref="ArgumentException">Shapes differ, or C is not above 0.</exception>
    public static Tensor Truncated(Tensor trainLogp, Tensor rolloutLogp, double cap, Tensor mask)
    {
        Shapes.RequireMatrices(trainLogp, rolloutLogp, mask);
        if (!(cap > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(cap), cap, "expected a number above 0");
        }

        using var quiet = no_grad();
        var logRatio = (trainLogp - rolloutLogp).clamp(-PolicyLoss.MostLogRatio, PolicyLoss.MostLogRatio);
        return logRatio.exp().clamp_max(cap) * mask;
    }
}
