namespace O1Coder.Search;

/// <summary>
/// One way down: the selection leads from a node to one that wants children, the expansion says which, the evaluation says
/// what they are worth and backs it up.
/// </summary>
/// <param name="top">Where it begins.</param>
/// <param name="options">Gives the depth limit.</param>
/// <param name="selection">Leads down.</param>
/// <param name="expansion">Gives children.</param>
/// <param name="evaluation">Gives values.</param>
internal sealed class TreeDescent(
    SearchNode top, SearchOptions options, ISelection selection, IExpansion expansion, IEvaluation evaluation)
{
    /// <summary>Where a rollout goes and what it does there.</summary>
    /// <param name="number">The rollout's number, from 1.</param>
    public Choice Choose(int number) => ChooseBelow(top, number);

    /// <summary>The same from another node.</summary>
    public Choice ChooseBelow(SearchNode node, int number)
    {
        while (!node.Terminal && node.Depth < options.MaxDepth)
        {
            if (selection.Choose(node, number) is not { } child)
            {
                return Expanding(node);
            }

            node = child;
        }

        return new Choice(node, (rollout, cancellationToken) => evaluation.EvaluateAsync(rollout, node, [], cancellationToken));
    }

    private Choice Expanding(SearchNode node)
    {
        var which = SearchState.TakeExpansion(node);
        var allocation = expansion.Allocate(node, which);
        return new Choice(node, async (rollout, cancellationToken) =>
        {
            var children = await rollout.ExpandAsync(node, which, allocation, expansion.Wanted, cancellationToken);
            await evaluation.EvaluateAsync(rollout, node, children, cancellationToken);
        });
    }
}
