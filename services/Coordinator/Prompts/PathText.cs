using System.Text;
using O1Coder.Problems.Training;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// A path of a search as text to train on: the chat that the model was shown, and the whole answer that it gave in
/// several calls, with the words that the search put between them (o1-Coder's S^{1:m} ∘ C', section 3.2.3).
/// </summary>
internal static class PathText
{
    /// <summary>The chat up to where the assistant answers.</summary>
    /// <param name="problem">The problem as the search showed it.</param>
    /// <param name="first">What the path's first step does.</param>
    public static Prompt PromptOf(ProblemView problem, StepAction first) => new()
    {
        Messages =
        [
            new PromptMessage("system", PromptTexts.System),
            new PromptMessage("user", PromptTexts.User(problem, outlineFirst: first != StepAction.Code)),
        ],
    };

    /// <summary>
    /// The assistant's answer. A program ends with the closing fence, whatever it was that stopped the model: what came
    /// after a finished program is not to be learnt.
    /// </summary>
    /// <param name="steps">The steps from the root: action, text, and what was written after the text.</param>
    /// <param name="program">The program that the last step holds.</param>
    /// <exception cref="ArgumentException">The last step, and no other, must be of action code.</exception>
    public static string CompletionOf(IReadOnlyList<(StepAction Action, string Text, string Tail)> steps, string program)
    {
        if (steps.Count == 0 || steps[^1].Action != StepAction.Code || steps.SkipLast(1).Any(step => step.Action == StepAction.Code))
        {
            throw new ArgumentException($"{nameof(steps)} is '{string.Join(", ", steps.Select(step => step.Action))}': expected steps that end with the only program", nameof(steps));
        }

        var text = new StringBuilder();
        for (var i = 0; i < steps.Count; i++)
        {
            var endedBy = i == 0 ? "" : EndedBy(steps[i - 1].Tail);
            text.Append((i, steps[i].Action) switch
            {
                (0, StepAction.Code) => PromptTexts.FenceOpening,
                (0, _) => WithoutNumber(PromptTexts.OutlineOpening),
                (_, StepAction.Code) => PromptTexts.CodeOpening(i + 1, endedBy),
                _ => WithoutNumber(PromptTexts.RefineOpening(i + 1, endedBy)),
            });
            if (steps[i].Action == StepAction.Code)
            {
                text.Append(program.TrimEnd()).Append('\n').Append(PromptTexts.Fence);
            }
            else
            {
                text.Append(steps[i].Text).Append(steps[i].Tail);
            }
        }

        return text.ToString();
    }

    // The opening's "1." stands in the step's text already.
    private static string WithoutNumber(string opening) => opening[..^"1.".Length];

    /// <summary>The stop string that a tail ends with; empty for none.</summary>
    public static string EndedBy(string tail) =>
        tail.EndsWith(PromptTexts.Fence, StringComparison.Ordinal) ? PromptTexts.Fence
        : tail.EndsWith(PromptTexts.StepEnd, StringComparison.Ordinal) ? PromptTexts.StepEnd
        : "";
}
