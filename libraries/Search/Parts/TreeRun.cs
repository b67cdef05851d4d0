namespace O1Coder.Search;

/// <summary>
/// A tree search put together from its parts: the selection leads from the root to a node that wants children, the
/// expansion says which, the evaluation says what they are worth and backs it up.
/// </summary>
/// <param name="state">The search.</param>
/// <param name="selection">Leads down.</param>
/// <param name="expansion">Gives children.</param>
/// <param name="evaluation">Gives values.</param>
internal sealed class TreeRun(SearchState state, ISelection selection, IExpansion expansion, IEvaluation evaluation) : MethodRun(state)
{
    private readonly TreeDescent _descent = new(state.Tree.Root, state.Options, selection, expansion, evaluation);
    private bool _fast = state.Options.FastAnswer;

    /// <inheritdoc/>
    public override Choice? Next(int number)
    {
        if (number == 1 && _fast)
        {
            return FastAnswer.Of(State.Tree.Root, evaluation);
        }

        if (_fast && State.Tree.Root.Children.Count == 0)
        {
            // The fast answer is worth waiting for: what follows is only needed when it fails.
            return null;
        }

        _fast = false;
        return _descent.Choose(number);
    }
}
