namespace O1Coder.Problems;

/// <summary>
/// How the outcome's share α(t) of φ falls while training goes on. o1-Coder (arXiv 2412.00154, section 3.5) names linear and
/// logarithmic decay and prints no constants; its code has max(0.1, 1 − 0.01·t).
/// </summary>
public sealed record AlphaSchedule
{
    private const double First = 1;
    private const double Last = 0.1;

    /// <summary>Makes a schedule.</summary>
    /// <param name="decay">Its shape.</param>
    /// <param name="start">α(0), in [0, 1].</param>
    /// <param name="rate">What a step takes away, or the factor of the logarithm; at least 0, and 0 for a constant.</param>
    /// <param name="floor">What is never gone below, in [0, <paramref name="start"/>].</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of the range given above.</exception>
    public AlphaSchedule(AlphaDecay decay, double start, double rate, double floor)
    {
        Require(Enum.IsDefined(decay), nameof(decay), decay, "constant, linear or logarithmic");
        Require(start is >= 0 and <= 1, nameof(start), start, "a number from 0 to 1");
        Require(floor >= 0 && floor <= start, nameof(floor), floor, "a number from 0 to the start");
        Require(double.IsFinite(rate) && rate >= 0 && (decay != AlphaDecay.Constant || rate == 0), nameof(rate), rate, "a finite number of at least 0, and 0 for a constant");
        (Decay, Start, Rate, Floor) = (decay, start, rate, floor);
    }

    /// <summary>The paper's code: max(0.1, 1 − 0.01·t).</summary>
    public static AlphaSchedule PaperCode { get; } = new(AlphaDecay.Linear, First, 0.01, Last);

    /// <summary>The shape.</summary>
    public AlphaDecay Decay { get; }

    /// <summary>α(0).</summary>
    public double Start { get; }

    /// <summary>What a step takes away, or the factor of the logarithm.</summary>
    public double Rate { get; }

    /// <summary>What is never gone below.</summary>
    public double Floor { get; }

    /// <summary>The same α for every t.</summary>
    /// <param name="alpha">In [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not in [0, 1].</exception>
    public static AlphaSchedule Constant(double alpha) => new(AlphaDecay.Constant, alpha, 0, Math.Min(alpha, Last));

    /// <summary>
    /// From 1 towards 0.1, which would be reached right after the last of T iterations counted from 1, so that a run of a
    /// single iteration has a process reward too: linear 1 − 0.9·t/(T+1), logarithmic 1 − 0.9·ln(1+t)/ln(T+2).
    /// </summary>
    /// <param name="decay">The shape: linear or logarithmic.</param>
    /// <param name="iterations">T, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of the range given above.</exception>
    public static AlphaSchedule Over(AlphaDecay decay, int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        return decay switch
        {
            AlphaDecay.Linear => new(decay, First, (First - Last) / (1.0 + iterations), Last),
            AlphaDecay.Logarithmic => new(decay, First, (First - Last) / Math.Log(2.0 + iterations), Last),
            _ => throw new ArgumentOutOfRangeException(nameof(decay), decay, "expected linear or logarithmic"),
        };
    }

    /// <summary>α(t).</summary>
    /// <param name="step">t, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">t is negative.</exception>
    public double At(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return Math.Max(Floor, Start - (Rate * (Decay == AlphaDecay.Logarithmic ? Math.Log(1.0 + step) : step)));
    }

    private static void Require(bool holds, string name, object value, string expected)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"expected {expected}");
        }
    }
}
