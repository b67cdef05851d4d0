namespace O1Coder.Problems;

/// <summary>A test written as Python code.</summary>
/// <param name="Code">
/// One assert statement that calls the entry point, on one or several lines; import statements that it needs stand
/// before it, one a line.
/// </param>
public sealed record AssertionTest(string Code) : TestCase
{
    /// <inheritdoc/>
    public override ProblemMode Mode => ProblemMode.Function;
}
