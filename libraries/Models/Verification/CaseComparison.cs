namespace O1Coder.Models.Verification;

/// <summary>Says in one line how numbers differ from those expected.</summary>
public static class CaseComparison
{
    /// <summary>Compares two lists.</summary>
    /// <param name="name">What they are, for people.</param>
    /// <param name="actual">What came.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="tolerance">By how much a number may differ.</param>
    /// <returns>What differs, or null.</returns>
    public static string? Differences(string name, IReadOnlyList<double> actual, IReadOnlyList<double> expected, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(expected);
        if (actual.Count != expected.Count)
        {
            return $"{name} has {actual.Count} numbers, expected {expected.Count}";
        }

        // Written so that NaN, which compares as false, differs.
        var wrong = Enumerable.Range(0, actual.Count).Where(i => !(Math.Abs(actual[i] - expected[i]) <= tolerance)).ToList();
        return wrong.Count == 0
            ? null
            : $"{wrong.Count} of {actual.Count} numbers differ, the first at {wrong[0]}: {actual[wrong[0]]:R}, expected {expected[wrong[0]]:R} within {tolerance:R}";
    }

    /// <summary>Compares two lists of ids.</summary>
    /// <param name="actual">What came.</param>
    /// <param name="expected">What was expected.</param>
    /// <returns>The first place where they differ, or null.</returns>
    public static string? Differences(IReadOnlyList<int> actual, IReadOnlyList<int> expected)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(expected);
        var same = actual.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
        return same == actual.Count && same == expected.Count ? null : $"token {same} is {At(actual)}, expected {At(expected)}";

        string At(IReadOnlyList<int> ids) => same < ids.Count ? $"{ids[same]}" : "the end";
    }
}
