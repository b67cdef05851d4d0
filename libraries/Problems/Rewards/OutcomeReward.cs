namespace O1Coder.Problems;

/// <summary>
/// The outcome reward of a finished program: v = α·compile + (1−α)·pass, where compile is 1 when the program compiles
/// and pass is the fraction of the tests that it passes. Source: o1-Coder (arXiv 2412.00154v2), the value of a terminal
/// node in the section on self-play with tree search; the paper leaves α open and its code uses 0.
/// </summary>
public sealed record OutcomeReward
{
    /// <summary>Makes the reward for one α.</summary>
    /// <param name="alpha">The weight of compiling, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not a number in [0, 1].</exception>
    public OutcomeReward(double alpha)
    {
        if (!(alpha is >= 0.0 and <= 1.0))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The weight of compiling must lie in [0, 1].");
        }

        Alpha = alpha;
    }

    /// <summary>The weight of compiling, 0 to 1.</summary>
    public double Alpha { get; }

    /// <summary>The reward of a program.</summary>
    /// <param name="compiles">Whether it compiles.</param>
    /// <param name="passed">The tests it passes; 0 to <paramref name="total"/>, and 0 when it does not compile.</param>
    /// <param name="total">The tests it was given; at least 1.</param>
    /// <returns>v, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is out of the range given above.</exception>
    /// <exception cref="ArgumentException">A program that does not compile is said to pass tests.</exception>
    public double Value(bool compiles, int passed, int total)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(passed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(passed, total);
        if (!compiles && passed > 0)
        {
            throw new ArgumentException($"A program that does not compile cannot pass {passed} tests.", nameof(passed));
        }

        return (Alpha * (compiles ? 1.0 : 0.0)) + ((1.0 - Alpha) * passed / total);
    }

    /// <summary>The reward of a program by the sandbox's verdict.</summary>
    /// <param name="verdict">What came of running it.</param>
    /// <param name="passed">The tests it passes; 0 to <paramref name="total"/>.</param>
    /// <param name="total">The tests it was given; at least 1.</param>
    /// <returns>v, 0 to 1; null when the verdict says nothing about the program.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is out of the range given above.</exception>
    /// <exception cref="ArgumentException">A program that does not compile is said to pass tests.</exception>
    public double? Value(Verdict verdict, int passed, int total) =>
        verdict is Verdict.Unspecified or Verdict.InternalError
            ? null
            : Value(verdict != Verdict.CompileError, passed, total);
}
