namespace O1Coder.Problems.Metrics;

/// <summary>
/// How well scores tell two classes apart, for example the rewards of a process reward model and whether the step was good.
/// Every method takes one score and one label an item, at least one item; probabilities are those of the label true.
/// </summary>
public static class BinaryMetrics
{
    /// <summary>The smallest probability that <see cref="LogLoss"/> takes the logarithm of.</summary>
    public const double LeastProbability = 1e-15;

    /// <summary>
    /// The area under the ROC curve: the chance that a random true item scores above a random false one, ties counting
    /// half, computed from mid-ranks. Source: Mann and Whitney (1947); Hanley and McNeil, "The meaning and use of the area
    /// under a ROC curve" (Radiology 143, 1982).
    /// </summary>
    /// <param name="scores">Any numbers but NaN; only their order matters.</param>
    /// <param name="labels">The classes.</param>
    /// <returns>0 to 1; NaN when one of the classes has no item.</returns>
    /// <exception cref="ArgumentException">The lists differ in length or are empty, or a score is NaN.</exception>
    public static double Auc(IReadOnlyList<double> scores, IReadOnlyList<bool> labels)
    {
        Check(scores, labels, score => !double.IsNaN(score), "is NaN");
        var order = Enumerable.Range(0, scores.Count).OrderBy(i => scores[i]).ToArray();
        double positives = labels.Count(label => label);
        var negatives = labels.Count - positives;
        var rankSum = 0.0;
        for (var first = 0; first < order.Length;)
        {
            var last = first;
            while (last + 1 < order.Length && scores[order[last + 1]] == scores[order[first]])
            {
                last++;
            }

            // Ranks count from 1; equal scores share the mean of theirs.
            var rank = 1.0 + ((first + last) / 2.0);
            rankSum += rank * order[first..(last + 1)].Count(i => labels[i]);
            first = last + 1;
        }

        return (rankSum - (positives * (positives + 1.0) / 2.0)) / (positives * negatives);
    }

    /// <summary>The share of items whose probability is on the label's side of the threshold; at the threshold counts as true.</summary>
    /// <param name="probabilities">Each in [0, 1].</param>
    /// <param name="labels">The classes.</param>
    /// <param name="threshold">From where on an item counts as true.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">The lists differ in length or are empty, or a probability is out of range.</exception>
    public static double Accuracy(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels, double threshold = 0.5)
    {
        CheckProbabilities(probabilities, labels);
        return probabilities.Zip(labels, (p, label) => p >= threshold == label ? 1.0 : 0.0).Average();
    }

    /// <summary>
    /// The mean of −ln p of the true class. Probabilities are kept <see cref="LeastProbability"/> away from 0, so that one
    /// item that is surely wrong does not make it infinite.
    /// </summary>
    /// <param name="probabilities">Each in [0, 1].</param>
    /// <param name="labels">The classes.</param>
    /// <returns>Nats, at least 0.</returns>
    /// <exception cref="ArgumentException">The lists differ in length or are empty, or a probability is out of range.</exception>
    public static double LogLoss(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels)
    {
        CheckProbabilities(probabilities, labels);
        return probabilities.Zip(labels, (p, label) => -Math.Log(Math.Max(label ? p : 1.0 - p, LeastProbability))).Average();
    }

    /// <summary>
    /// The mean squared distance between probability and label (1 or 0). Source: Brier, "Verification of forecasts expressed
    /// in terms of probability" (Monthly Weather Review 78, 1950), in the form for two classes that counts one of them.
    /// </summary>
    /// <param name="probabilities">Each in [0, 1].</param>
    /// <param name="labels">The classes.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">The lists differ in length or are empty, or a probability is out of range.</exception>
    public static double Brier(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels)
    {
        CheckProbabilities(probabilities, labels);
        return probabilities.Zip(labels, (p, label) => Math.Pow(p - (label ? 1.0 : 0.0), 2)).Average();
    }

    /// <summary>
    /// The expected calibration error: Σ_b |B_b|/n · |share of true in B_b − mean probability in B_b| over bins of equal
    /// width, each closed at its upper end (0 belongs to the first). Source: Guo et al., "On Calibration of Modern Neural
    /// Networks" (arXiv 1706.04599), equation 3, with the probability of the label true in place of the confidence.
    /// </summary>
    /// <param name="probabilities">Each in [0, 1].</param>
    /// <param name="labels">The classes.</param>
    /// <param name="bins">How many bins; at least 1.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">The lists differ in length or are empty, or a probability is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no bin.</exception>
    public static double ExpectedCalibrationError(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels, int bins = 10)
    {
        CheckProbabilities(probabilities, labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var gaps = new double[bins];
        for (var i = 0; i < labels.Count; i++)
        {
            var bin = Math.Clamp((int)Math.Ceiling(probabilities[i] * bins) - 1, 0, bins - 1);
            gaps[bin] += (labels[i] ? 1.0 : 0.0) - probabilities[i];
        }

        return gaps.Sum(Math.Abs) / labels.Count;
    }

    private static void CheckProbabilities(IReadOnlyList<double> probabilities, IReadOnlyList<bool> labels) =>
        Check(probabilities, labels, p => p is >= 0.0 and <= 1.0, "does not lie in [0, 1]");

    private static void Check(IReadOnlyList<double> scores, IReadOnlyList<bool> labels, Func<double, bool> isGood, string fault)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(labels);
        if (scores.Count == 0 || scores.Count != labels.Count)
        {
            throw new ArgumentException($"{scores.Count} scores and {labels.Count} labels; expected as many of both, and at least one.", nameof(labels));
        }

        for (var i = 0; i < scores.Count; i++)
        {
            if (!isGood(scores[i]))
            {
                throw new ArgumentException($"Score {i} ({scores[i]}) {fault}.", nameof(scores));
            }
        }
    }
}
