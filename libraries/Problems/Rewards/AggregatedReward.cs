namespace O1Coder.Problems;

/// <summary>
/// The reward of a whole path, from its outcome and its steps: φ = α·R + (1 − α)·(1/m)·Σ_{j=1..m} γ^j·r_j.
/// Source: o1-Coder (arXiv 2412.00154), the aggregation function of section 3.5. The exponent begins at 1, as printed; the
/// paper's code begins at 0. How α falls is <see cref="AlphaSchedule"/>.
/// </summary>
public static class AggregatedReward
{
    /// <summary>Computes φ.</summary>
    /// <param name="outcome">R, the outcome's reward; finite.</param>
    /// <param name="process">r_1 … r_m, the steps' rewards; finite. Without steps their part is 0.</param>
    /// <param name="alpha">α, the outcome's share, in [0, 1].</param>
    /// <param name="gamma">γ, the discount of later steps, in [0, 1].</param>
    /// <param name="firstExponent">The exponent of the first step's γ: 1 as printed, 0 in the paper's code.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of the range given above.</exception>
    public static double Phi(double outcome, IReadOnlyList<double> process, double alpha, double gamma, int firstExponent = 1)
    {
        if (!double.IsFinite(outcome))
        {
            throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "expected a finite number");
        }

        RequireShare(alpha, nameof(alpha));
        return (alpha * outcome) + ((1 - alpha) * ProcessPart(process, gamma, firstExponent));
    }

    /// <summary>(1/m)·Σ γ^j·r_j, the steps' part of φ; 0 without steps.</summary>
    /// <param name="process">r_1 … r_m, the steps' rewards; finite.</param>
    /// <param name="gamma">γ, the discount of later steps, in [0, 1].</param>
    /// <param name="firstExponent">The exponent of the first step's γ, 0 or 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of the range given above.</exception>
    public static double ProcessPart(IReadOnlyList<double> process, double gamma, int firstExponent = 1)
    {
        ArgumentNullException.ThrowIfNull(process);
        RequireShare(gamma, nameof(gamma));
        if (firstExponent is not (0 or 1))
        {
            throw new ArgumentOutOfRangeException(nameof(firstExponent), firstExponent, "expected 0 or 1");
        }

        var (sum, discount) = (0.0, firstExponent == 0 ? 1.0 : gamma);
        foreach (var reward in process)
        {
            if (!double.IsFinite(reward))
            {
                throw new ArgumentOutOfRangeException(nameof(process), reward, "expected finite numbers");
            }

            sum += discount * reward;
            discount *= gamma;
        }

        return process.Count > 0 ? sum / process.Count : 0;
    }

    private static void RequireShare(double value, string name)
    {
        if (!(value is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "expected a number from 0 to 1");
        }
    }
}
