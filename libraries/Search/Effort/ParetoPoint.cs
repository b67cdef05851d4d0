namespace O1Coder.Search;

/// <summary>What one way of searching came to on a set of problems.</summary>
/// <param name="Name">Which way.</param>
/// <param name="Solved">Problems that were solved.</param>
/// <param name="Problems">Problems in all.</param>
/// <param name="Tokens">Tokens that were generated.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
public sealed record ParetoPoint(string Name, int Solved, int Problems, long Tokens, double Seconds)
{
    /// <summary>Tokens a solved problem; infinite when none was.</summary>
    public double TokensASolved => Solved == 0 ? double.PositiveInfinity : (double)Tokens / Solved;

    /// <summary>
    /// Those that no other beats: none solves as many with fewer tokens in less time, strictly better in one of the three.
    /// In their order.
    /// </summary>
    public static IReadOnlyList<ParetoPoint> Front(IReadOnlyList<ParetoPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return [.. points.Where(one => !points.Any(other => other.Beats(one)))];
    }

    private bool Beats(ParetoPoint other) =>
        Solved >= other.Solved && Tokens <= other.Tokens && Seconds <= other.Seconds
        && (Solved > other.Solved || Tokens < other.Tokens || Seconds < other.Seconds);
}
