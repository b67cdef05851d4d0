using O1Coder.Learning.Data;
using O1Coder.Learning.Transformer;

namespace O1Coder.Learning.Training;

/// <summary>What a method makes of the scores of one batch.</summary>
internal interface IObjective
{
    /// <summary>What is read at each place.</summary>
    ScoreKind Scores { get; }

    /// <summary>How many terms an example adds to the mean.</summary>
    int Count(TrainingUnit unit);

    /// <summary>Losses of a batch and their derivatives.</summary>
    /// <param name="units">The examples, by their place in the data set.</param>
    /// <param name="scores">One a place, in the order of examples, rows and places.</param>
    /// <param name="slopes">Takes ∂ (sum of losses) / ∂ score.</param>
    BatchLoss Evaluate(IReadOnlyList<(int Index, TrainingUnit Unit)> units, ReadOnlySpan<float> scores, Span<double> slopes);
}
