using System.Text;
using O1Coder.Sandbox.Plain;

namespace O1Coder.Sandbox.Checking;

/// <summary>
/// Compares outputs by tokens; two that are both numbers may differ by a tolerance. A number is a decimal one, inf,
/// infinity or nan in any case; nan is nan, an infinite one equals its like alone, and so does one too large for binary64.
/// </summary>
internal static class FloatComparison
{
    // The digits behind these are of no weight to a binary64 number, and no test has such.
    private const int LongestNumber = 2000;

    /// <summary>Whether both hold the same tokens, numbers within the tolerance.</summary>
    /// <param name="expected">What is right.</param>
    /// <param name="actual">What came.</param>
    /// <param name="tolerance">The most that two numbers may be apart, absolutely or relative to the expected one.</param>
    public static bool Equal(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, double tolerance)
    {
        while (true)
        {
            var right = Tokens.Next(ref expected);
            var came = Tokens.Next(ref actual);
            if (!right.SequenceEqual(came) && !Within(right, came, tolerance))
            {
                return false;
            }

            if (right.IsEmpty)
            {
                return true;
            }
        }
    }

    private static bool Within(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, double tolerance) =>
        Read(expected) is { } right && Read(actual) is { } came && Tolerance.Within(right, came, tolerance);

    private static double? Read(ReadOnlySpan<byte> token) =>
        token.IsEmpty || token.Length > LongestNumber ? null : FloatText.Read(Encoding.Latin1.GetString(token))?.Float;
}
