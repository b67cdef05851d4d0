using O1Coder.Learning.Training;
using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>Losses of pairs of answers, of which one is better.</summary>
public static class PreferenceLoss
{
    /// <summary>
    /// With δ = (log π(y_w) − log π_ref(y_w)) − (log π(y_l) − log π_ref(y_l)), the mean over pairs of: sigmoid, −log σ(βδ), DPO
    /// (arXiv 2305.18290, equation 7), with label smoothing ε −(1 − ε)·log σ(βδ) − ε·log σ(−βδ), conservative DPO (Mitchell,
    /// "A note on DPO with noisy preferences", 2023); ipo, (δ − 1/(2β))² (arXiv 2310.12036, equation 17); hinge, max(0, 1 − βδ), the
    /// loss of SLiC (arXiv 2305.10425) on the same margin.
    /// </summary>
    /// <param name="policyChosen">[pairs]: log π of the better answer, summed over its tokens; with gradient.</param>
    /// <param name="policyRejected">[pairs]: log π of the worse one; with gradient.</param>
    /// <param name="referenceChosen">[pairs]: log π_ref of the better one.</param>
    /// <param name="referenceRejected">[pairs]: log π_ref of the worse one.</param>
    /// <param name="beta">β, above 0.</param>
    /// <param name="kind">Which loss.</param>
    /// <param name="labelSmoothing">ε, in [0, 0.5), of the sigmoid loss alone.</param>
    /// <exception cref="ArgumentException">Shapes differ, or a number is out of the range given above.</exception>
    public static PreferenceLossResult Compute(
        Tensor policyChosen, Tensor policyRejected, Tensor referenceChosen, Tensor referenceRejected,
        double beta, PreferenceLossKind kind, double labelSmoothing)
    {
        Shapes.RequireVectors(policyChosen, policyRejected, referenceChosen, referenceRejected);
        if (!(beta > 0) || !double.IsFinite(beta))
        {
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "expected a number above 0");
        }

        if (!(labelSmoothing is >= 0 and < 0.5) || (labelSmoothing > 0 && kind != PreferenceLossKind.Sigmoid))
        {
            throw new ArgumentOutOfRangeException(
                nameof(labelSmoothing), labelSmoothing, "expected a number from 0 to below 0.5, and 0 for losses other than sigmoid");
        }

        var chosen = policyChosen - referenceChosen;
        var rejected = policyRejected - referenceRejected;
        var margin = chosen - rejected;
        var losses = kind switch
        {
            PreferenceLossKind.Sigmoid when labelSmoothing == 0 => -nn.functional.logsigmoid(beta * margin),
            PreferenceLossKind.Sigmoid => (-(1 - labelSmoothing) * nn.functional.logsigmoid(beta * margin)) -
                (labelSmoothing * nn.functional.logsigmoid(-beta * margin)),
            PreferenceLossKind.Ipo => (margin - (1 / (2 * beta))).square(),
            PreferenceLossKind.Hinge => nn.functional.relu(1 - (beta * margin)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "expected sigmoid, ipo or hinge"),
        };
        return new PreferenceLossResult(losses.mean(), beta * chosen.detach(), beta * rejected.detach());
    }
}
