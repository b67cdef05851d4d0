using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Steps of a search as the process reward model takes them.</summary>
internal static class WireSteps
{
    /// <summary>
    /// The nodes of a path that are steps of it. Programs before its end are not: what stands in their place was written as a
    /// whole, and is worth what it is worth whatever it was written from.
    /// </summary>
    /// <param name="path">The nodes from the root on.</param>
    /// <param name="last">Whether the last node is the path's end.</param>
    public static IReadOnlyList<SearchNode> NodesOf(IReadOnlyList<SearchNode> path, bool last) =>
    [
        .. path.Where((node, i) => node.Parent is not null && (!node.Action.WritesProgram() || (last && i == path.Count - 1))),
    ];

    /// <summary>One step of a path.</summary>
    public static V1.ReasoningStep Of(SearchNode node) => Of(node.Action, node.Program ?? node.Text);

    /// <summary>One step; a program is a program, whatever it was written from.</summary>
    public static V1.ReasoningStep Of(StepAction action, string text) =>
        new() { Action = action.WritesProgram() ? V1.StepAction.Code : (V1.StepAction)action, Text = text };
}
