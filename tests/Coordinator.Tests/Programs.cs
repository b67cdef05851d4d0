namespace O1Coder.Coordinator.Tests;

/// <summary>Programs that say in a comment how many tests they pass; the scripted sandbox takes their word.</summary>
internal static class Programs
{
    public static string Passing(int tests, string name = "p") => $"# passes {tests}\ndef add(a, b):\n    return '{name}'\n```\nThat is it.";

    public static string Failing(ulong seed, int sequence) => Passing((int)(seed % 2), $"{seed:x}.{sequence}");

    public const string Outline = " Read both numbers.\n2. Add them.\n\n```python\nnothing";

    /// <summary>An outline where one is asked for, else the program.</summary>
    public static Func<string, float, ulong, int, string> Steps(Func<ulong, int, string> program) => (prompt, _, seed, i) =>
        prompt.EndsWith("\n1.", StringComparison.Ordinal) ? $" Take {seed:x} as {i}." + Outline : program(seed, i);

    public static V1.Problem Problem(int visible = 2, int hidden = 2)
    {
        var problem = new V1.Problem
        {
            Id = "add-two",
            Title = "Add two numbers",
            Statement = "Return the sum of two numbers.",
            Mode = V1.ProblemMode.Function,
            Signature = "def add(a, b):",
            Language = V1.Language.Python,
        };
        problem.VisibleTests.AddRange(Enumerable.Range(0, visible).Select(i => Test($"assert add({i}, 1) == {i + 1}")));
        problem.HiddenTests.AddRange(Enumerable.Range(0, hidden).Select(i => Test($"assert add({i}, 7000) == {i + 7000}")));
        return problem;
    }

    public static V1.TestCase Test(string code) => new() { Assertion = new V1.AssertionTest { Code = code } };

    public static V1.SolveRequest Request(int rollouts = 12, ulong seed = 1) => new()
    {
        Problem = Problem(),
        Budget = new V1.Budget { Rollouts = rollouts },
        Options = new V1.SearchOptions { Seed = seed },
    };
}
