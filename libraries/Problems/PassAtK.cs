namespace O1Coder.Problems;

/// <summary>The metric pass@k: the chance that at least one of k samples of a problem is correct.</summary>
public static class PassAtK
{
    /// <summary>
    /// The unbiased estimator 1 − C(n−c, k) / C(n, k), computed as 1 − Π_{i=n−c+1..n} (1 − k/i), which neither
    /// overflows nor cancels. Source: Chen et al., "Evaluating Large Language Models Trained on Code"
    /// (arXiv 2107.03374), equation 1 and figure 3.
    /// </summary>
    /// <param name="samples">n, the samples drawn; at least 1.</param>
    /// <param name="correct">c, those that passed; 0 to n.</param>
    /// <param name="k">The samples a user would look at; 1 to n.</param>
    /// <returns>The estimate, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of the range given above.</exception>
    public static double Estimate(int samples, int correct, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, samples);

        if (samples - correct < k)
        {
            return 1.0;
        }

        var allWrong = 1.0;
        for (var i = samples - correct + 1; i <= samples; i++)
        {
            allWrong *= 1.0 - ((double)k / i);
        }

        return 1.0 - allWrong;
    }
}
