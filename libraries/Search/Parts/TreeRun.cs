namespace O1Coder.Search;

/// <summary>
/// A tree search put together from its parts: the selection leads from the root to a node that wants children, the
/// expansion says which, the evaluation says what they are worth and backs it up.
/// </summary>
/// <param name="state">The search.</param>
/// <param name="selection">Leads down.</param>
/// <param name="expansion">Gives children.</param>
/// <param name="evaluation">Gives values.</param>
internal sealed class TreeRun(SearchState state, ISelection selection, IExpansion expansion, IEvaluation evaluation) : MethodRun
{
    private bool _fast = state.Options.FastAnswer;

    /// <inheritdoc/>
    public override Choice? Next(int number)
    {
        if (number == 1 && _fast)
        {
            return FastAnswer.Of(state.Tree.Root, evaluation);
        }

        if (_fast && state.Tree.Root.Children.Count == 0)
        {
            // The fast answer is worth waiting for: what follows is only needed when it fails.
            return null;
        }

        _fast = false;
        var node = state.Tree.Root;
        while (!node.Terminal && node.Depth < state.Options.MaxDepth)
        {
            if (selection.Choose(node, number) is not { } child)
            {
                var which = SearchState.TakeExpansion(node);
                var allocation = expansion.Allocate(node, which);
                return new Choice(node, async (rollout, cancellationToken) =>
                {
                    var children = await rollout.ExpandAsync(node, which, allocation, expansion.Wanted, cancellationToken);
                    await evaluation.EvaluateAsync(rollout, node, children, cancellationToken);
                });
            }

            node = child;
        }

        return new Choice(node, (rollout, cancellationToken) => evaluation.EvaluateAsync(rollout, node, [], cancellationToken));
    }
}
