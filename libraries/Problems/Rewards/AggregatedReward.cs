namespace O1Coder.Problems;

/// <summary>
/// The reward of a whole path, from its outcome and its steps: φ = α·R + (1 − α)·(1/m)·Σ_{j=1..m} γ^j·r_j.
/// Source: o1-Coder (arXiv 2412.00154), the aggregation function of section 3.5. The exponent begins at 1, as printed; the
/// paper's code begins at 0.
/// </summary>
public static class AggregatedReward
{
    /// <summary>Computes φ.</summary>
    /// <param name="outcome">R, the outcome's reward; finite.</param>
    /// <param name="process">r_1 … r_m, the steps' rewards; finite. Without steps their part is 0.</param>
    /// <param name="alpha">α, the outcome's share, in [0, 1].</param>
    /// <param name="gamma">γ, the discount of later steps, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of the range given above.</exception>
    public static double Phi(double outcome, IReadOnlyList<double> process, double alpha, double gamma)
    {
        ArgumentNullException.ThrowIfNull(process);
        RequireFinite(outcome, nameof(outcome));
        RequireShare(alpha, nameof(alpha));
        RequireShare(gamma, nameof(gamma));
        var (sum, discount) = (0.0, 1.0);
        foreach (var reward in process)
        {
            RequireFinite(reward, nameof(process));
            discount *= gamma;
            sum += discount * reward;
        }

        return (alpha * outcome) + (process.Count > 0 ? (1 - alpha) * sum / process.Count : 0);
    }

    /// <summary>
    /// α(t) = max(floor, start − rate·t): linear decay, in the paper's code with a start of 1, a rate of 0.01 and a floor
    /// of 0.1.
    /// </summary>
    /// <param name="step">t, from 0.</param>
    /// <param name="start">α(0), in [0, 1].</param>
    /// <param name="rate">What a step takes away, at least 0.</param>
    /// <param name="floor">What is never gone below, in [0, <paramref name="start"/>].</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of the range given above.</exception>
    public static double LinearAlpha(int step, double start = 1, double rate = 0.01, double floor = 0.1)
    {
        RequireSchedule(step, start, rate, floor);
        return Math.Max(floor, start - (rate * step));
    }

    /// <summary>
    /// α(t) = max(floor, start − rate·ln(1 + t)): logarithmic decay, quick at first. The paper names it and prints no
    /// formula.
    /// </summary>
    /// <param name="step">t, from 0.</param>
    /// <param name="start">α(0), in [0, 1].</param>
    /// <param name="rate">The factor of the logarithm, at least 0.</param>
    /// <param name="floor">What is never gone below, in [0, <paramref name="start"/>].</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of the range given above.</exception>
    public static double LogarithmicAlpha(int step, double start = 1, double rate = 0.2, double floor = 0.1)
    {
        RequireSchedule(step, start, rate, floor);
        return Math.Max(floor, start - (rate * Math.Log(1.0 + step)));
    }

    private static void RequireSchedule(int step, double start, double rate, double floor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        RequireShare(start, nameof(start));
        RequireShare(floor, nameof(floor));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(floor, start);
        RequireFinite(rate, nameof(rate));
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
    }

    private static void RequireShare(double value, string name)
    {
        if (!(value is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "expected a number from 0 to 1");
        }
    }

    private static void RequireFinite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "expected a finite number");
        }
    }
}
