using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>
/// Losses of process reward models. A step's logit is that of the good label less that of the bad one, so that the two-way
/// softmax of the paper's code is σ(logit).
/// </summary>
public static class ProcessRewardLoss
{
    /// <summary>
    /// The mean over steps of −y·log σ(z) − (1 − y)·log(1 − σ(z)): o1-Coder (arXiv 2412.00154), equation 3, with hard labels of 0
    /// and 1 or with soft ones, where it is the cross-entropy against [y, 1 − y].
    /// </summary>
    /// <param name="logits">[steps]: z, with gradient.</param>
    /// <param name="labels">[steps]: y, in [0, 1].</param>
    /// <exception cref="ArgumentException">Shapes differ or are no vectors.</exception>
    public static Tensor Pointwise(Tensor logits, Tensor labels)
    {
        Shapes.RequireVectors(logits, labels);

        // log(1 + e^z) − y·z, where the first part is written so that it neither overflows nor loses its tail.
        return (logits.clamp_min(0) + (-logits.abs()).exp().log1p() - (labels * logits)).mean();
    }

    /// <summary>The mean over steps of (σ(z) − y)², the Brier score: told beside the soft loss, not trained on.</summary>
    /// <param name="logits">[steps]: z.</param>
    /// <param name="labels">[steps]: y, in [0, 1].</param>
    /// <exception cref="ArgumentException">Shapes differ or are no vectors.</exception>
    public static Tensor MeanSquaredError(Tensor logits, Tensor labels)
    {
        Shapes.RequireVectors(logits, labels);
        return (logits.sigmoid() - labels).square().mean();
    }

    /// <summary>
    /// The mean over pairs of −log σ(s_w − s_l), Bradley and Terry's model: o1-Coder (arXiv 2412.00154), equation 4.
    /// </summary>
    /// <param name="chosen">[pairs]: s_w, unnormalised scores of the better steps, with gradient.</param>
    /// <param name="rejected">[pairs]: s_l, those of the worse ones.</param>
    /// <exception cref="ArgumentException">Shapes differ or are no vectors.</exception>
    public static Tensor Pairwise(Tensor chosen, Tensor rejected)
    {
        Shapes.RequireVectors(chosen, rejected);
        return -nn.functional.logsigmoid(chosen - rejected).mean();
    }
}
