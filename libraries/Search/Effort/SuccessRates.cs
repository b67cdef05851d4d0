namespace O1Coder.Search;

/// <summary>
/// How likely the next rollouts of a search are to solve its problem, learnt from the run itself: of all grants that were
/// given to problems that stood alike (as many rollouts by powers of two, a best value alike), the share that solved one,
/// h = (s + m·h₀)/(t + m). The prior h₀ = a/(a + b + n) is the chance of a first success after n failures where problems'
/// own rates are Beta(a, b): those that are still unsolved are the hard ones. Not safe for concurrent use.
/// </summary>
internal sealed class SuccessRates
{
    /// <summary>
    /// a and b: of the starter and practice problems about a third are solved by the first program, and the rates lie far
    /// apart.
    /// </summary>
    private const double A = 0.5;
    private const double B = 1.0;

    /// <summary>m: grants that the prior weighs as much as.</summary>
    private const double PriorWeight = 8;

    private readonly Dictionary<StandingClass, (int Tried, int Solved)> _counts = [];

    /// <summary>The rate of a class.</summary>
    public double Of(StandingClass one)
    {
        var (tried, solved) = _counts.GetValueOrDefault(one);
        var prior = A / (A + B + one.LeastRollouts);
        return (solved + (PriorWeight * prior)) / (tried + PriorWeight);
    }

    /// <summary>A grant to a problem of a class came back.</summary>
    public void Add(StandingClass before, bool solved)
    {
        var (tried, already) = _counts.GetValueOrDefault(before);
        _counts[before] = (tried + 1, already + (solved ? 1 : 0));
    }
}
