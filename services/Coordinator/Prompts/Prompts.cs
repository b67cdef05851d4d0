using O1Coder.Problems;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// Builds prompts of which a child's begins with exactly its parent's prompt and generated tokens: the engine then
/// finds the whole path in its prefix cache, and what the model reads is what it wrote.
/// </summary>
internal static class Prompts
{
    /// <summary>The prompt for new children of a node.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="node">The node.</param>
    /// <param name="action">What the children do.</param>
    public static V1.Prompt For(ProblemView problem, SearchNode node, StepAction action)
    {
        if (node.Parent is null)
        {
            return Root(problem, action);
        }

        var carry = (StepCarry)node.Carry!;
        var step = node.Depth + 1;
        var tokens = new V1.TokenSequence();
        tokens.Ids.AddRange(carry.Tokens);
        var opening = action == StepAction.Code
            ? PromptTexts.CodeOpening(step, carry.EndedBy)
            : PromptTexts.RefineOpening(step, carry.EndedBy);
        return new V1.Prompt { Parts = { new V1.PromptPart { Tokens = tokens }, new V1.PromptPart { Text = opening } } };
    }

    /// <summary>The strings that end a step of an action.</summary>
    public static IReadOnlyList<string> StopsOf(ProblemView problem, StepAction action) => (action, problem.Mode) switch
    {
        (StepAction.Code, ProblemMode.Function) => [PromptTexts.Fence, .. PromptTexts.AfterFunction],
        (StepAction.Code, _) => [PromptTexts.Fence],
        _ => [PromptTexts.StepEnd, PromptTexts.Fence],
    };

    private static V1.Prompt Root(ProblemView problem, StepAction action)
    {
        var code = action == StepAction.Code;
        var chat = new V1.ChatPrompt
        {
            Messages =
            {
                new V1.ChatMessage { Role = V1.ChatRole.System, Content = PromptTexts.System },
                new V1.ChatMessage { Role = V1.ChatRole.User, Content = PromptTexts.User(problem, outlineFirst: !code) },
            },
        };
        var opening = code ? PromptTexts.FenceOpening : PromptTexts.OutlineOpening;
        return new V1.Prompt { Parts = { new V1.PromptPart { Chat = chat }, new V1.PromptPart { Text = opening } } };
    }
}
