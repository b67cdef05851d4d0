namespace O1Coder.Sandbox.Plain;

/// <summary>Numbers that may differ a little.</summary>
internal static class Tolerance
{
    /// <summary>The tolerance where none is named.</summary>
    public const double Default = 1e-6;

    /// <summary>Whether a number is within a tolerance of the expected one, absolutely or relative to it. Infinite ones are equal or not; NaN is NaN.</summary>
    public static bool Within(double expected, double actual, double tolerance) =>
        double.IsFinite(expected) && double.IsFinite(actual)
            ? Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected))
            : expected.Equals(actual);
}
