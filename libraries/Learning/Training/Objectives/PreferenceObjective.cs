using O1Coder.Learning.Data;
using O1Coder.Learning.Transformer;

namespace O1Coder.Learning.Training;

/// <summary>
/// Preferences: a loss of δ = [log π(y_w) − log π(y_l)] − [log π_ref(y_w) − log π_ref(y_l)], log-probabilities summed over the
/// answers' tokens (arXiv 2305.18290, equation 7; <see cref="PreferenceLossKind"/> names the others).
/// </summary>
/// <param name="spec">Which loss.</param>
/// <param name="reference">log π_ref(y_w) − log π_ref(y_l) of each example of the data set.</param>
internal sealed class PreferenceObjective(DpoSpec spec, IReadOnlyList<double> reference) : IObjective
{
    /// <inheritdoc/>
    public ScoreKind Scores => ScoreKind.NextToken;

    /// <inheritdoc/>
    public int Count(TrainingUnit unit) => 1;

    /// <inheritdoc/>
    public BatchLoss Evaluate(IReadOnlyList<(int Index, TrainingUnit Unit)> units, ReadOnlySpan<float> scores, Span<double> slopes)
    {
        var (sum, met) = (0.0, 0);
        var start = 0;
        foreach (var (index, unit) in units)
        {
            var (chosen, rejected) = (unit.Rows[0].Places.Length, unit.Rows[1].Places.Length);
            var margin = Margin(unit, scores[start..]) - reference[index];
            var (loss, slope) = Loss(margin);
            slopes.Slice(start, chosen).Fill(slope);
            slopes.Slice(start + chosen, rejected).Fill(-slope);
            sum += loss;
            met += margin > 0 ? 1 : 0;
            start += chosen + rejected;
        }

        return new(sum, met);
    }

    /// <summary>log π(y_w) − log π(y_l) from the scores of a pair's places.</summary>
    public static double Margin(TrainingUnit unit, ReadOnlySpan<float> scores)
    {
        var (chosen, rejected) = (unit.Rows[0].Places.Length, unit.Rows[1].Places.Length);
        return Sum(scores[..chosen]) - Sum(scores.Slice(chosen, rejected));
    }

    /// <summary>The loss of a margin, and its derivative.</summary>
    public (double Loss, double Slope) Loss(double margin)
    {
        var (beta, smoothing) = (spec.Beta, spec.LabelSmoothing);
        switch (spec.Loss)
        {
            case PreferenceLossKind.Ipo:
                var distance = margin - (1 / (2 * beta));
                return (distance * distance, 2 * distance);
            case PreferenceLossKind.Hinge:
                return beta * margin < 1 ? (1 - (beta * margin), -beta) : (0, 0);
            default:
                // Label smoothing: conservative DPO (Mitchell 2023, "A note on DPO with noisy preferences").
                var scaled = beta * margin;
                return (
                    -((1 - smoothing) * Logistic.LogSigmoid(scaled)) - (smoothing * Logistic.LogSigmoid(-scaled)),
                    beta * ((smoothing * Logistic.Sigmoid(scaled)) - ((1 - smoothing) * Logistic.Sigmoid(-scaled))));
        }
    }

    private static double Sum(ReadOnlySpan<float> scores)
    {
        var sum = 0.0;
        foreach (var score in scores)
        {
            sum += score;
        }

        return sum;
    }
}
