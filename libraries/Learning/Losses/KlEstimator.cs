namespace O1Coder.Learning.Losses;

/// <summary>
/// Estimators of KL(π ‖ π_ref) from one token's Δ = log π − log π_ref, as Schulman named them ("Approximating KL Divergence",
/// 2020).
/// </summary>
public enum KlEstimator
{
    /// <summary>Δ: unbiased, of high variance.</summary>
    K1,

    /// <summary>Δ²/2: biased, of low variance.</summary>
    K2,

    /// <summary>e^−Δ − 1 + Δ: unbiased, never negative; GRPO's, arXiv 2402.03300, equation 4.</summary>
    K3,
}
