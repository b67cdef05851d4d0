using System.Globalization;
using System.Text;

namespace O1Coder.Prm;

/// <summary>
/// Every word that the model reads, in service and in training alike. With an adapter it is plain text: the problem,
/// then each step and after it the tag (o1-Coder's code); the distribution over the two labels is read at a step's last
/// token, one position before the tag. Without an adapter it is a question in a chat.
/// </summary>
internal static class PrmTexts
{
    /// <summary>Follows each step.</summary>
    public const string Tag = " Rating";

    /// <summary>What a good step is labelled with.</summary>
    public const string Good = " +";

    /// <summary>What a bad step is labelled with.</summary>
    public const string Bad = " -";

    /// <summary>The good answer to the question.</summary>
    public const string Yes = " Yes";

    /// <summary>The bad answer to the question.</summary>
    public const string No = " No";

    /// <summary>What the answer to the question begins with.</summary>
    public const string AnswerOpening = "Answer:";

    private const int MostTestCharacters = 600;
    private const string System = "You check the reasoning steps of solutions to programming problems.";

    /// <summary>The plain text before the first step.</summary>
    public static string Problem(V1.Problem problem) => $"{About(problem)}Solution in steps:";

    /// <summary>A step's text with its heading.</summary>
    /// <param name="step">The step.</param>
    /// <param name="number">Its number on the path, from 1.</param>
    public static string Step(V1.ReasoningStep step, int number) => string.Create(
        CultureInfo.InvariantCulture, $"\n\nStep {number}, {NameOf(step.Action)}:\n{step.Text.ReplaceLineEndings("\n").Trim('\n').TrimEnd()}");

    /// <summary>The question about the last of some steps.</summary>
    public static V1.ChatPrompt Question(V1.Problem problem, IReadOnlyList<V1.ReasoningStep> steps)
    {
        var text = new StringBuilder(Problem(problem));
        for (var i = 0; i < steps.Count; i++)
        {
            text.Append(Step(steps[i], i + 1));
        }

        text.Append(CultureInfo.InvariantCulture, $"\n\nIs step {steps.Count} correct, so that a program written by it solves the problem? Answer Yes or No.");
        return new V1.ChatPrompt
        {
            Messages =
            {
                new V1.ChatMessage { Role = V1.ChatRole.System, Content = System },
                new V1.ChatMessage { Role = V1.ChatRole.User, Content = text.ToString() },
            },
        };
    }

    private static string About(V1.Problem problem)
    {
        var text = new StringBuilder("Problem:\n").Append(problem.Statement.Trim()).Append("\n\n");
        text.Append(problem.Mode == V1.ProblemMode.Function
            ? $"Signature: {problem.Signature.Trim()}\n\n"
            : "The program reads standard input and writes standard output.\n\n");
        var tests = Tests(problem);
        return (tests.Length == 0 ? text : text.Append("Tests:\n").Append(tests).Append('\n')).ToString();
    }

    // Whole tests as long as there is room, of the first at least the beginning.
    private static string Tests(V1.Problem problem)
    {
        var text = new StringBuilder();
        foreach (var test in problem.VisibleTests)
        {
            var one = test.Assertion is { } assertion
                ? assertion.Code.Trim() + "\n"
                : $"Input:\n{test.Stdio.Stdin.TrimEnd()}\nOutput:\n{test.Stdio.Stdout.TrimEnd()}\n";
            if (text.Length + one.Length > MostTestCharacters)
            {
                return text.Length > 0 ? text.ToString() : Cut(one) + " …\n";
            }

            text.Append(one);
        }

        return text.ToString();
    }

    // Never between the halves of a surrogate pair.
    private static string Cut(string text) =>
        text[..(char.IsHighSurrogate(text[MostTestCharacters - 1]) ? MostTestCharacters - 1 : MostTestCharacters)];

    private static string NameOf(V1.StepAction action) => action switch
    {
        V1.StepAction.DefineStructure => "define the structure",
        V1.StepAction.Refine => "refine the structure",
        V1.StepAction.Think => "think",
        _ => "write the program",
    };
}
