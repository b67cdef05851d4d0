namespace O1Coder.Problems;

/// <summary>How many of some tests a program passes.</summary>
/// <param name="Passed">Those that it passes, 0 to <paramref name="Total"/>.</param>
/// <param name="Total">All of them, at least 0.</param>
public readonly record struct TestCount(int Passed, int Total)
{
    /// <summary>Whether there are tests and all pass.</summary>
    public bool All => Total > 0 && Passed == Total;

    /// <summary>Both together.</summary>
    public static TestCount operator +(TestCount one, TestCount other) => new(one.Passed + other.Passed, one.Total + other.Total);

    /// <summary>Refuses counts that cannot be.</summary>
    /// <param name="name">The field's name, for the message.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or more passed than there are.</exception>
    internal void Check(string name)
    {
        if (Passed < 0 || Passed > Total)
        {
            throw new ArgumentOutOfRangeException(name, $"{Passed} of {Total}", "expected a count of passed tests from 0 to all of them");
        }
    }
}
