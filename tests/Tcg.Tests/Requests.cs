namespace O1Coder.Tcg.Tests;

/// <summary>Problems and answers for tests.</summary>
internal static class Requests
{
    public const string Reference = "def add(a, b):\n    return a + b\n";

    public static V1.Problem Add(params string[] references) => new()
    {
        Id = "add",
        Title = "Add",
        Statement = "Add two numbers.",
        Mode = V1.ProblemMode.Function,
        Language = V1.Language.Python,
        Signature = "def add(a: int, b: int) -> int:",
        ReferenceSolutions = { references },
    };

    public static V1.Problem Doubled(params string[] references) => new()
    {
        Id = "doubled",
        Title = "Doubled",
        Statement = "Read a number and print its double.",
        Mode = V1.ProblemMode.Stdio,
        Language = V1.Language.Python,
        ReferenceSolutions = { references },
    };

    public static V1.TestCase Assertion(string code) => new() { Assertion = new V1.AssertionTest { Code = code } };

    public static V1.TestCase Stdio(string input, string output) => new() { Stdio = new V1.StdioTest { Stdin = input, Stdout = output } };

    /// <summary>Cases as the model goes on after the opening.</summary>
    public static string Answer(params (string Input, string? Output)[] cases) =>
        CaseFormat.Write(cases.Select(one => new WrittenCase(one.Input, one.Output)))[CaseFormat.Opening.Length..];
}
