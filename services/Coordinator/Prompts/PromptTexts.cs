using System.Text;
using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>
/// Every word that the model reads. Pure functions of the problem's visible part: hidden tests are not handed in.
/// <para>
/// The problem comes first and the instruction last, so that programs and outlines share the longest possible prefix
/// of tokens. Steps are headed "### Step k: …" as in o1-Coder (<c>MCTS_for_reasoning.py</c>); its
/// <c>&lt;Step_Begin&gt;</c> and <c>&lt;Step_End&gt;</c> are left out: a model that was not trained on them seldom
/// writes them, while it ends a list with an empty line by itself.
/// </para>
/// </summary>
internal static class PromptTexts
{
    /// <summary>Opens the block that holds a program.</summary>
    public const string FenceOpening = "```python\n";

    /// <summary>Ends a program, and a step that turned into one.</summary>
    public const string Fence = "```";

    /// <summary>
    /// What follows a finished function: the model's own tests and examples. They cost a third of the tokens, and one
    /// that is wrong fails a program that is right. Each begins at the start of a line, where a function's body does
    /// not reach.
    /// </summary>
    public static IReadOnlyList<string> AfterFunction { get; } =
        ["\nassert ", "\nprint(", "\nif __name__", "\n# Test", "\n# Example"];

    /// <summary>Ends a step.</summary>
    public const string StepEnd = "\n\n";

    /// <summary>Who the model is.</summary>
    public const string System = "You are an expert Python programmer.";

    // Long lists of tests push the statement out of a small model's attention and cost prefill.
    private const int MostTestCharacters = 2400;

    /// <summary>What the person says, for the action that follows.</summary>
    public static string User(ProblemView problem, bool outlineFirst) => ProblemOf(problem) + (outlineFirst
        ? $"First outline the algorithm as a short numbered list, without code. Then write {WhatOf(problem)} in one Python code block."
        : $"Write {WhatOf(problem)} in one Python code block.");

    /// <summary>The problem with the tests that the model may know, up to the instruction.</summary>
    public static string ProblemOf(ProblemView problem)
    {
        var text = new StringBuilder();
        text.Append(problem.Statement.Trim()).Append("\n\n");
        if (problem.Mode == ProblemMode.Function)
        {
            text.Append("The function's signature is:\n").Append(FenceOpening).Append(problem.Signature.Trim()).Append('\n')
                .Append(Fence).Append("\n\n");
            if (problem.VisibleTests.Count > 0)
            {
                text.Append("It must pass these tests:\n").Append(FenceOpening);
                foreach (var test in Shown(problem.VisibleTests))
                {
                    text.Append(((AssertionTest)test).Code.Trim()).Append('\n');
                }

                text.Append(Fence).Append("\n\n");
            }
        }
        else
        {
            text.Append("The program reads standard input and writes standard output.")
                .Append(problem.VisibleTests.Count > 0 ? " Examples:\n\n" : "\n\n");
            foreach (var test in Shown(problem.VisibleTests))
            {
                var stdio = (StdioTest)test;
                text.Append("Input:\n").Append(Fence).Append('\n').Append(stdio.Stdin.TrimEnd()).Append('\n').Append(Fence)
                    .Append("\nOutput:\n").Append(Fence).Append('\n').Append(stdio.Stdout.TrimEnd()).Append('\n').Append(Fence)
                    .Append("\n\n");
            }
        }

        return text.ToString();
    }

    /// <summary>What is to be written.</summary>
    public static string WhatOf(ProblemView problem) =>
        problem.Mode == ProblemMode.Function ? "the complete function, with the imports it needs," : "the complete program";

    /// <summary>What the assistant's answer begins with when the first step is an outline.</summary>
    public static string OutlineOpening => "### Step 1: define the structure\n1.";

    /// <summary>What stands between a step and its refinement.</summary>
    /// <param name="step">The number of the new step, from 2.</param>
    /// <param name="endedBy">What ended the step before: a stop string, or empty.</param>
    public static string RefineOpening(int step, string endedBy) =>
        $"{Closing(endedBy)}### Step {step}: refine the structure, with the data structures and edge cases\n1.";

    /// <summary>What stands between a step and the program.</summary>
    /// <param name="step">The number of the new step, from 2.</param>
    /// <param name="endedBy">What ended the step before: a stop string, or empty.</param>
    public static string CodeOpening(int step, string endedBy) => endedBy == Fence
        ? "python\n"
        : $"{Closing(endedBy)}### Step {step}: write the program\n{FenceOpening}";

    /// <summary>
    /// What comes between a step and words after it. A fence that ended a step is among its tokens, which stay as they are: it
    /// is closed again.
    /// </summary>
    public static string Closing(string endedBy) => endedBy switch
    {
        StepEnd => "",
        Fence => "\n" + Fence + "\n\n",
        _ => "\n\n",
    };

    // The first test always, more as long as there is room.
    private static IEnumerable<TestCase> Shown(IReadOnlyList<TestCase> tests)
    {
        var room = MostTestCharacters;
        return tests.TakeWhile((test, i) => (room -= LengthOf(test)) >= 0 || i == 0);
    }

    private static int LengthOf(TestCase test) =>
        test is StdioTest stdio ? stdio.Stdin.Length + stdio.Stdout.Length : ((AssertionTest)test).Code.Length;
}
