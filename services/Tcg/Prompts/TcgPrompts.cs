using System.Text;
using O1Coder.Problems;

namespace O1Coder.Tcg;

/// <summary>
/// Every word that the model reads, in service and in training alike. The parts are those of o1-Coder's template
/// (section 3.1): instruction, problem, code, test.
/// </summary>
internal static class TcgPrompts
{
    /// <summary>Cases that one answer is asked for.</summary>
    public const int CasesPerAnswer = 3;

    /// <summary>Inputs that one answer is asked for.</summary>
    public const int InputsPerAnswer = 6;

    /// <summary>What a program's answer begins with.</summary>
    public const string ProgramOpening = Fence + "python\n";

    /// <summary>Ends a program.</summary>
    public const string Fence = "```";

    private const int MostExamples = 3;
    private const string System = "You write test cases for programming problems.";

    /// <summary>
    /// What follows a finished function: the model's own examples. Each begins at the start of a line, where a function's
    /// body does not reach.
    /// </summary>
    public static IReadOnlyList<string> AfterFunction { get; } =
        ["\nassert ", "\nprint(", "\nif __name__", "\n# Test", "\n# Example"];

    /// <summary>
    /// Asks for cases with a reference solution in sight. The first of the examples shows the form, and no other is shown:
    /// a small model copies as many examples as it is asked for cases, whatever it is told.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="reference">The reference solution.</param>
    /// <param name="examples">Cases; the answer is not to repeat them.</param>
    public static V1.ChatPrompt Cases(V1.Problem problem, string reference, IEnumerable<WrittenCase> examples)
    {
        var text = new StringBuilder();
        text.Append("### Instruction\n")
            .Append($"Write {CasesPerAnswer} test cases for the problem below, different from each other and from the example. ")
            .Append(WhatInputIs(problem)).Append(' ').Append(WhatOutputIs(problem)).Append(" Each case has this form:\n\n")
            .Append(CaseFormat.Write(new WrittenCase("INPUT", "OUTPUT"))).Append("\n\n");
        AppendProblem(text, problem, [.. examples.Where(one => one.Output is not null).Take(1)]);
        text.Append("### Code Part\n").Append(ProgramOpening).Append(reference.Trim()).Append('\n').Append(Fence)
            .Append("\n\n### Test Part");
        return Chat(System, text);
    }

    /// <summary>Asks for inputs alone.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="examples">Cases of which the inputs are shown, at most three.</param>
    public static V1.ChatPrompt Inputs(V1.Problem problem, IReadOnlyList<WrittenCase> examples)
    {
        var text = new StringBuilder();
        text.Append("### Instruction\n")
            .Append($"Write {InputsPerAnswer} inputs to test programs for the problem below, different from each other and from the examples: ")
            .Append("usual ones, edge cases (the smallest, empty or equal parts where they are allowed), and some larger ones. ")
            .Append("Write no outputs. ").Append(WhatInputIs(problem)).Append(" Each input has this form:\n\n")
            .Append(CaseFormat.Write(new WrittenCase("INPUT", null))).Append("\n\n");
        AppendProblem(text, problem, [.. examples.Take(MostExamples).Select(one => one with { Output = null })]);
        text.Append("### Test Part");
        return Chat(System, text);
    }

    /// <summary>Asks for a program; the problem alone, without tests.</summary>
    public static V1.ChatPrompt Program(V1.Problem problem)
    {
        var text = new StringBuilder(problem.Statement.Trim()).Append("\n\n");
        text.Append(problem.Mode == V1.ProblemMode.Function
            ? $"The function's signature is:\n{ProgramOpening}{problem.Signature.Trim()}\n{Fence}\n\nWrite the complete function, with the imports it needs, in one Python code block."
            : "The program reads standard input and writes standard output.\n\nWrite the complete program in one Python code block.");
        return Chat("You are an expert Python programmer.", text);
    }

    private static void AppendProblem(StringBuilder text, V1.Problem problem, IReadOnlyList<WrittenCase> examples)
    {
        text.Append("### Problem\n").Append(problem.Statement.Trim()).Append("\n\n");
        if (problem.Mode == V1.ProblemMode.Function)
        {
            text.Append("Signature: ").Append(problem.Signature.Trim()).Append("\n\n");
        }

        if (examples.Count > 0)
        {
            text.Append("Examples:\n\n").Append(CaseFormat.Write(examples)).Append("\n\n");
        }
    }

    private static string WhatInputIs(V1.Problem problem) => problem.Mode == V1.ProblemMode.Function
        ? $"An input is the arguments of {PythonSignature.NameOf(problem.Signature)} as Python literals, with commas between them."
        : "An input is what the program reads on standard input.";

    private static string WhatOutputIs(V1.Problem problem) => problem.Mode == V1.ProblemMode.Function
        ? "An output is the value that the function returns, as a Python literal."
        : "An output is what the program writes on standard output.";

    private static V1.ChatPrompt Chat(string system, StringBuilder user) => new()
    {
        Messages =
        {
            new V1.ChatMessage { Role = V1.ChatRole.System, Content = system },
            new V1.ChatMessage { Role = V1.ChatRole.User, Content = user.ToString() },
        },
    };
}
