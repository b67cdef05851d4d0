namespace O1Coder.Models.Verification;

/// <summary>What came of one reference case.</summary>
/// <param name="Group">The kind of case, for example <c>gae</c>.</param>
/// <param name="Name">Which one of its kind, for people.</param>
/// <param name="Failure">One line that says what is not as expected, with numbers; null where all is.</param>
public sealed record CaseResult(string Group, string Name, string? Failure)
{
    /// <summary>What was measured, for people, whether or not it passed; or null.</summary>
    public string? Measured { get; init; }

    /// <summary>Whether all is as expected.</summary>
    public bool Passed => Failure is null;
}
