using System.Text;
using O1Coder.Problems.Training;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// A path of a search as text to train on: the chat that the model was shown, and the whole answer that it gave in
/// several calls, with the words that the search put between them (o1-Coder's S^{1:m} ∘ C', section 3.2.3). What was said
/// about programs that failed is left out: thoughts are to be learnt as if they had come right away.
/// </summary>
internal static class PathText
{
    /// <summary>The chat up to where the assistant answers.</summary>
    /// <param name="problem">The problem as the search showed it.</param>
    /// <param name="first">The path's first step.</param>
    /// <param name="critique">What was said before it about the program that it takes the place of; null for nothing.</param>
    public static Prompt PromptOf(ProblemView problem, SearchNode first, string? critique = null)
    {
        var request = new ProposalRequest
        {
            Path = first.Parent!.PathFromRoot(),
            Action = first.Action,
            Count = 1,
            Seed = 0,
            Feedback = critique,
        };
        var chat = Prompts.For(problem, request, contextTokens: int.MaxValue).Parts[0].Chat;
        return new Prompt
        {
            Messages = [.. chat.Messages.Select(message => new PromptMessage(message.Role == V1.ChatRole.System ? "system" : "user", message.Content))],
        };
    }

    /// <summary>
    /// The assistant's answer. A program ends with the closing fence, whatever it was that stopped the model: what came
    /// after a finished program is not to be learnt.
    /// </summary>
    /// <param name="steps">The steps from the root: action, text, and what was written after the text.</param>
    /// <param name="program">The program that the last step holds.</param>
    /// <exception cref="ArgumentException">The last step, and no other, must write a program.</exception>
    public static string CompletionOf(IReadOnlyList<(StepAction Action, string Text, string Tail)> steps, string program)
    {
        if (steps.Count == 0 || !steps[^1].Action.WritesProgram() || steps.SkipLast(1).Any(step => step.Action.WritesProgram()))
        {
            throw new ArgumentException($"{nameof(steps)} is '{string.Join(", ", steps.Select(step => step.Action))}': expected steps that end with the only program", nameof(steps));
        }

        var text = new StringBuilder();
        for (var i = 0; i < steps.Count; i++)
        {
            var endedBy = i == 0 ? "" : EndedBy(steps[i - 1].Tail);
            var code = steps[i].Action.WritesProgram();
            text.Append((i, steps[i].Action) switch
            {
                (0, _) when code => PromptTexts.FenceOpening,
                (_, _) when code => PromptTexts.CodeOpening(i + 1, endedBy),
                (_, StepAction.Think) => ThinkingTexts.ThoughtOpening(i + 1, endedBy, feedback: null),
                (0, _) => WithoutNumber(PromptTexts.OutlineOpening),
                _ => WithoutNumber(PromptTexts.RefineOpening(i + 1, endedBy)),
            });
            if (code)
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

    /// <summary>The string that ended a step, from what stands behind its text; empty for none.</summary>
    public static string EndedBy(string tail) =>
        tail.EndsWith(PromptTexts.Fence, StringComparison.Ordinal) ? PromptTexts.Fence
        : tail.EndsWith(PromptTexts.StepEnd, StringComparison.Ordinal) ? PromptTexts.StepEnd
        : "";
}
