using O1Coder.Learning.Data;
using O1Coder.Learning.Transformer;

namespace O1Coder.Learning.Training;

/// <summary>
/// Pair-wise process reward: −log σ(r(better) − r(worse)), r the unnormalised score (Bradley-Terry; o1-Coder, arXiv
/// 2412.00154, equation 4).
/// </summary>
internal sealed class StepPairObjective : IObjective
{
    /// <inheritdoc/>
    public ScoreKind Scores => ScoreKind.Labels;

    /// <inheritdoc/>
    public int Count(TrainingUnit unit) => 1;

    /// <inheritdoc/>
    public BatchLoss Evaluate(IReadOnlyList<(int Index, TrainingUnit Unit)> units, ReadOnlySpan<float> scores, Span<double> slopes)
    {
        var (sum, met) = (0.0, 0);
        for (var pair = 0; pair < units.Count; pair++)
        {
            var margin = (double)scores[2 * pair] - scores[(2 * pair) + 1];
            sum -= Logistic.LogSigmoid(margin);
            slopes[2 * pair] = -Logistic.Sigmoid(-margin);
            slopes[(2 * pair) + 1] = Logistic.Sigmoid(-margin);
            met += margin > 0 ? 1 : 0;
        }

        return new(sum, met);
    }
}
