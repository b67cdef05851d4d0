using System.Text;
using O1Coder.V1;

namespace O1Coder.Sandbox.Judging;

/// <summary>What a checker program says of one answer: it runs in a box of its own, after the program's box has gone.</summary>
internal static class CheckerRun
{
    private const int Rejects = 1;

    /// <summary>What the checker is run for.</summary>
    public static TestPlan Plan { get; } = new() { Mode = BoxMode.Stdio };

    /// <summary>What the checker finds beside it.</summary>
    /// <param name="input">The test's input: standard input, or the arguments as JSON.</param>
    /// <param name="expected">The expected output, or value as JSON.</param>
    /// <param name="output">The program's output, or value as JSON.</param>
    public static Dictionary<string, ReadOnlyMemory<byte>> Files(string input, string expected, ReadOnlyMemory<byte> output) => new()
    {
        ["input.txt"] = Encoding.UTF8.GetBytes(input),
        ["expected.txt"] = Encoding.UTF8.GetBytes(expected),
        ["output.txt"] = output,
    };

    /// <summary>
    /// The answer with the checker's word: exit status 0 accepts and 1 rejects. A checker that fails has accepted nothing:
    /// an output made to upset it must not pass, nor count as the sandbox's own failure.
    /// </summary>
    public static Answer Weigh(Answer answer, BoxFacts checker)
    {
        var ended = checker.Error is null && checker.Reason == "exit" && checker.Compiled;
        var said = Encoding.UTF8.GetString([.. checker.Output, .. checker.ErrorOutput]);
        return ended && checker.ExitStatus == 0
            ? answer with { Verdict = Verdict.Accepted, Explanation = said }
            : answer with
            {
                Verdict = Verdict.WrongAnswer,
                Explanation = ended && checker.ExitStatus == Rejects ? said : $"the checker failed ({How(checker)}): {said}",
            };
    }

    private static string How(BoxFacts checker) => checker.Error is { } error ? error
        : checker.CompileError is { } fault ? fault.ToString()
        : checker.Reason != "exit" ? $"its {checker.Reason} limit"
        : $"exit status {checker.ExitStatus}";
}
