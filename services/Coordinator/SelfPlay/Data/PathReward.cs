namespace O1Coder.Coordinator;

/// <summary>
/// The reward of a path, φ = α(t)·R + (1−α(t))·(1/m)·Σ_{j=1..m} γ^j·r_j (o1-Coder, arXiv 2412.00154v2, section 3.2.6),
/// and how α falls. The paper names linear and logarithmic decay and gives no constants; its code falls from 1 to no less
/// than 0.1. Here t counts iterations from 1 and α would reach 0.1 after the last of T, at t = T+1: one iteration has a
/// process reward too.
/// </summary>
internal static class PathReward
{
    private const double Last = 0.1;

    /// <summary>φ.</summary>
    /// <param name="outcome">R, in [0, 1].</param>
    /// <param name="process">r_1 to r_m, each in [0, 1]; at least one.</param>
    /// <param name="alpha">α(t), in [0, 1].</param>
    /// <param name="gamma">γ, in (0, 1].</param>
    /// <exception cref="ArgumentException">There is no step.</exception>
    public static double Phi(double outcome, IReadOnlyList<double> process, double alpha, double gamma)
    {
        if (process.Count == 0)
        {
            throw new ArgumentException($"{nameof(process)} is empty: expected a reward for each step", nameof(process));
        }

        var discount = 1.0;
        var sum = 0.0;
        foreach (var reward in process)
        {
            discount *= gamma;
            sum += discount * reward;
        }

        return (alpha * outcome) + ((1 - alpha) * sum / process.Count);
    }

    /// <summary>α(t): linear 1 − 0.9·t/(T+1), logarithmic 1 − 0.9·ln(1+t)/ln(T+2), which falls faster at first.</summary>
    /// <param name="schedule">How it falls.</param>
    /// <param name="iteration">t, from 1 to T.</param>
    /// <param name="iterations">T, at least 1.</param>
    public static double Alpha(V1.RewardSchedule schedule, int iteration, int iterations)
    {
        var share = schedule == V1.RewardSchedule.Logarithmic
            ? Math.Log(1.0 + iteration) / Math.Log(2.0 + iterations)
            : iteration / (1.0 + iterations);
        return 1 - ((1 - Last) * share);
    }
}
