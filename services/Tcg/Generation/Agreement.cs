namespace O1Coder.Tcg;

/// <summary>
/// Which output several programs agree on (rStar-Coder's rule for tests without a reference: at least 60 % of the
/// solutions give it).
/// </summary>
/// <param name="Output">The output of the largest group; null when no program ran.</param>
/// <param name="Agreed">Programs that gave it.</param>
/// <param name="Ran">Programs that ran to an output.</param>
internal sealed record Agreement(CaseOutput? Output, int Agreed, int Ran)
{
    /// <summary>The least programs that must have run: one alone agrees with itself.</summary>
    public const int LeastRan = 2;

    /// <summary>Counts the outputs of distinct programs for one input; null stands for one that did not run.</summary>
    public static Agreement Of(IEnumerable<CaseOutput?> outputs)
    {
        var groups = outputs.OfType<CaseOutput>().GroupBy(output => output.Key, StringComparer.Ordinal).ToList();
        var largest = groups.MaxBy(group => group.Count());
        return new Agreement(largest?.First(), largest?.Count() ?? 0, groups.Sum(group => group.Count()));
    }

    /// <summary>Whether enough programs ran to ask them.</summary>
    public bool IsValid => Ran >= LeastRan;

    /// <summary>Whether at least this share of the programs that ran gave the output.</summary>
    /// <param name="share">In (0.5, 1], so that one output alone can have it.</param>
    public bool Reaches(double share) => IsValid && Agreed >= (share * Ran) - 1e-9;
}
