namespace O1Coder.Problems;

/// <summary>A test that feeds standard input and expects standard output.</summary>
/// <param name="Stdin">What the program reads.</param>
/// <param name="Stdout">What it has to write; compared by tokens that white space separates.</param>
public sealed record StdioTest(string Stdin, string Stdout) : TestCase
{
    /// <inheritdoc/>
    public override ProblemMode Mode => ProblemMode.Stdio;
}
