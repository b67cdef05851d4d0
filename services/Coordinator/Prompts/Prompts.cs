using O1Coder.Problems;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// Builds prompts of which a child's begins with exactly its parent's prompt and generated tokens: the engine then
/// finds the whole path in its prefix cache, and what the model reads is what it wrote. A program that is written in place of
/// another is a chat of its own, which shows that one.
/// </summary>
internal static class Prompts
{
    /// <summary>The prompt for new children of a node, or for a child that is to be written anew.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="contextTokens">Tokens that the model can read and write.</param>
    public static V1.Prompt For(ProblemView problem, ProposalRequest request, int contextTokens)
    {
        var node = request.Node;
        string Failure() => ThinkingTexts.Cut(node.Judgement?.Failure ?? "", contextTokens);
        string Said() => ThinkingTexts.Cut(request.Feedback ?? node.Judgement?.Failure ?? "", contextTokens);
        return (request.Action, request.Revises) switch
        {
            (StepAction.Improve, _) => Chat(ThinkingTexts.Improve(problem, node.Program ?? "", Said()), PromptTexts.FenceOpening),
            (StepAction.Fix, _) => Chat(ThinkingTexts.Fix(problem, node.Program ?? "", Said()), PromptTexts.FenceOpening),
            (StepAction.Rewrite, _) => Chat(
                ThinkingTexts.Rewrite(problem, node.Program ?? "", Failure(), request.Feedback ?? node.Feedback ?? ""), PromptTexts.FenceOpening),
            (_, { } revised) => After(
                (StepCarry)revised.Carry!, carry => ThinkingTexts.RethinkOpening(revised.Depth, carry.EndedBy, request.Feedback ?? revised.Feedback ?? "")),

            // A program that goes on from another's first lines has nothing to do with the rest of it.
            (StepAction.Code, _) when node.Parent is null || node.Action.WritesProgram() =>
                Chat(PromptTexts.User(problem, outlineFirst: false), PromptTexts.FenceOpening + request.Opening),
            (StepAction.Think, _) when node.Parent is null =>
                Chat(ThinkingTexts.ThoughtsFirst(problem), ThinkingTexts.ThoughtOpening(1, "", null)),
            (_, _) when node.Parent is null => Chat(PromptTexts.User(problem, outlineFirst: true), PromptTexts.OutlineOpening),
            (StepAction.Think, _) => After(
                (StepCarry)node.Carry!, carry => ThinkingTexts.ThoughtOpening(node.Depth + 1, carry.EndedBy, request.Feedback)),
            (StepAction.Code, _) => After((StepCarry)node.Carry!, carry => PromptTexts.CodeOpening(node.Depth + 1, carry.EndedBy)),
            _ => After((StepCarry)node.Carry!, carry => PromptTexts.RefineOpening(node.Depth + 1, carry.EndedBy)),
        };
    }

    /// <summary>A chat in which the person asks once and the model's answer has begun.</summary>
    /// <param name="user">What the person says.</param>
    /// <param name="opening">What the answer begins with; empty for nothing.</param>
    public static V1.Prompt Chat(string user, string opening)
    {
        var chat = new V1.ChatPrompt
        {
            Messages =
            {
                new V1.ChatMessage { Role = V1.ChatRole.System, Content = PromptTexts.System },
                new V1.ChatMessage { Role = V1.ChatRole.User, Content = user },
            },
        };
        var prompt = new V1.Prompt { Parts = { new V1.PromptPart { Chat = chat } } };
        if (opening.Length > 0)
        {
            prompt.Parts.Add(new V1.PromptPart { Text = opening });
        }

        return prompt;
    }

    /// <summary>The strings that end a step of an action.</summary>
    public static IReadOnlyList<string> StopsOf(ProblemView problem, StepAction action) => (action.WritesProgram(), problem.Mode) switch
    {
        (true, ProblemMode.Function) => [PromptTexts.Fence, .. PromptTexts.AfterFunction],
        (true, _) => [PromptTexts.Fence],
        _ => [PromptTexts.StepEnd, PromptTexts.Fence],
    };

    private static V1.Prompt After(StepCarry carry, Func<StepCarry, string> opening)
    {
        var tokens = new V1.TokenSequence();
        tokens.Ids.AddRange(carry.Tokens);
        return new V1.Prompt { Parts = { new V1.PromptPart { Tokens = tokens }, new V1.PromptPart { Text = opening(carry) } } };
    }
}
