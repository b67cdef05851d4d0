namespace O1Coder.Problems;

/// <summary>Where the hidden tests of a <see cref="TestSplit"/> come from.</summary>
public enum HeldOut
{
    /// <summary>The problem brought its own hidden tests.</summary>
    Given,

    /// <summary>The last third of the visible tests was held out.</summary>
    LastThird,

    /// <summary>There is one test, which serves as both: the verdict rests on a test that the search saw. Show it.</summary>
    Shared,
}
