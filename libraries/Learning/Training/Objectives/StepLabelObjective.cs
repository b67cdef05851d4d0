using O1Coder.Learning.Data;
using O1Coder.Learning.Transformer;

namespace O1Coder.Learning.Training;

/// <summary>
/// Point-wise process reward: cross-entropy of the two-way softmax over the labels against [v, 1 − v]; v is 0 or 1 for
/// hard labels (o1-Coder, arXiv 2412.00154, equation 3). The softmax of two logits is σ of their difference, the score.
/// </summary>
internal sealed class StepLabelObjective : IObjective
{
    /// <inheritdoc/>
    public ScoreKind Scores => ScoreKind.Labels;

    /// <inheritdoc/>
    public int Count(TrainingUnit unit) => unit.Labels.Count;

    /// <inheritdoc/>
    public BatchLoss Evaluate(IReadOnlyList<(int Index, TrainingUnit Unit)> units, ReadOnlySpan<float> scores, Span<double> slopes)
    {
        var (sum, met, place) = (0.0, 0, 0);
        foreach (var label in units.SelectMany(unit => unit.Unit.Labels))
        {
            double score = scores[place];
            sum -= (label * Logistic.LogSigmoid(score)) + ((1 - label) * Logistic.LogSigmoid(-score));
            slopes[place] = Logistic.Sigmoid(score) - label;
            met += score > 0 == label >= 0.5 ? 1 : 0;
            place++;
        }

        return new(sum, met);
    }
}
