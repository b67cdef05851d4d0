using O1Coder.V1;

namespace O1Coder.Cli.Display;

/// <summary>A generated test as <c>solve --json</c> prints it.</summary>
/// <param name="Assertion">The assertion; null for a test of input and output.</param>
/// <param name="Stdin">What is given on standard input; null for an assertion.</param>
/// <param name="Stdout">What is expected on standard output; null for an assertion.</param>
/// <param name="Origin">reference or agreement.</param>
/// <param name="Agreed">Distinct programs that gave this output.</param>
/// <param name="Ran">Distinct programs that ran on the input.</param>
internal sealed record GeneratedTestResult(string? Assertion, string? Stdin, string? Stdout, string Origin, int Agreed, int Ran)
{
    /// <summary>The result of one test.</summary>
    public static GeneratedTestResult Of(GeneratedTest one) => new(
        one.Test?.Assertion?.Code, one.Test?.Stdio?.Stdin, one.Test?.Stdio?.Stdout, Words.Name(one.Origin), one.Agreed, one.Ran);
}
