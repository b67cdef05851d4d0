namespace O1Coder.Inference;

/// <summary>A constraint is written wrongly, or needs more than is allowed.</summary>
public sealed class ConstraintException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="expected">What was expected and where, for example <c>')' at character 7</c>.</param>
    public ConstraintException(string expected)
        : base($"{nameof(SamplingOptions.Constraint)} is wrong: expected {expected}", nameof(SamplingOptions.Constraint)) =>
        Expected = expected;

    /// <summary>What was expected and where.</summary>
    public string Expected { get; }

    internal static ConstraintException At(int position, string expected) => new($"{expected} at character {position}");
}
