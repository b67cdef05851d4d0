using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>
/// How α falls in φ; see <see cref="AggregatedReward"/>. o1-Coder (arXiv 2412.00154) names linear and logarithmic decay and
/// gives no constants; its code falls from 1 to no less than 0.1. Here t counts iterations from 1, and α would reach 0.1
/// right after the last of T: a run of one iteration has a process reward too.
/// </summary>
internal static class AlphaSchedule
{
    private const double First = 1;
    private const double Last = 0.1;

    /// <summary>α(t): linear 1 − 0.9·t/(T+1), logarithmic 1 − 0.9·ln(1+t)/ln(T+2), which falls faster at first.</summary>
    /// <param name="schedule">How it falls.</param>
    /// <param name="iteration">t, from 1 to T.</param>
    /// <param name="iterations">T, at least 1.</param>
    public static double At(V1.RewardSchedule schedule, int iteration, int iterations) => schedule == V1.RewardSchedule.Logarithmic
        ? AggregatedReward.LogarithmicAlpha(iteration, First, (First - Last) / Math.Log(2.0 + iterations), Last)
        : AggregatedReward.LinearAlpha(iteration, First, (First - Last) / (1.0 + iterations), Last);
}
