using O1Coder.Learning.Data;
using O1Coder.Learning.Transformer;

namespace O1Coder.Learning.Training;

/// <summary>Supervised fine-tuning: −log π(token) at every token of the answer.</summary>
internal sealed class CompletionObjective : IObjective
{
    /// <inheritdoc/>
    public ScoreKind Scores => ScoreKind.NextToken;

    /// <inheritdoc/>
    public int Count(TrainingUnit unit) => unit.Rows.Sum(row => row.Places.Length);

    /// <inheritdoc/>
    public BatchLoss Evaluate(IReadOnlyList<(int Index, TrainingUnit Unit)> units, ReadOnlySpan<float> scores, Span<double> slopes)
    {
        var sum = 0.0;
        foreach (var score in scores)
        {
            sum -= score;
        }

        slopes.Fill(-1);
        return new(sum, 0);
    }
}
