namespace O1Coder.Problems;

/// <summary>Where the hidden tests of a <see cref="TestSplit"/> come from.</summary>
public enum HeldOut
{
    /// <summary>The problem brought its own hidden tests.</summary>
    Given,

    /// <summary>The last third of the visible tests was held out.</summary>
    LastThird,

    /// <summary>
    /// The same tests serve as both, a single one or generated ones: the verdict rests on tests that the search saw. Show
    /// it.
    /// </summary>
    Shared,

    /// <summary>
    /// The visible tests were generated and may be wrong, so that the problem's own hidden tests judge alone.
    /// </summary>
    GivenAlone,
}
