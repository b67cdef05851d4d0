using O1Coder.Sandbox.Plain;
using O1Coder.V1;

namespace O1Coder.Sandbox.Checking;

/// <summary>Compares a program's answer with the expected one by a request's checker, where that needs no program of its own.</summary>
internal static class OutputComparison
{
    /// <summary>Whether a standard output is right.</summary>
    /// <param name="checker">How to compare; null: by tokens.</param>
    /// <param name="expected">The expected output.</param>
    /// <param name="actual">What came.</param>
    public static bool Equal(Checker? checker, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual) => checker?.Kind switch
    {
        CheckerKind.Exact => ExactComparison.Equal(expected, actual),
        CheckerKind.Floats => FloatComparison.Equal(expected, actual, ToleranceOf(checker)),
        CheckerKind.Unordered => UnorderedComparison.Equal(expected, actual),
        _ => TokenComparison.Equal(expected, actual),
    };

    /// <summary>Whether a value that a function returned is right; the checker gives a tolerance, or frees a list of its order.</summary>
    public static bool Equal(Checker? checker, PlainValue expected, PlainValue actual)
    {
        var equality = new PlainEquality(checker?.Kind == CheckerKind.Floats ? ToleranceOf(checker) : 0, jsonKeys: true);
        return checker?.Kind == CheckerKind.Unordered ? equality.EqualUnordered(expected, actual) : equality.Equal(expected, actual);
    }

    private static double ToleranceOf(Checker checker) => checker.Tolerance == 0 ? Tolerance.Default : checker.Tolerance;
}
