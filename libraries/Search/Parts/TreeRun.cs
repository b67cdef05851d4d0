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

    /// <inheritdoc/>
    public override Choice? Next(int number) =>
        number == 1 && State.Options.FastAnswer ? FastAnswer.Of(State.Tree.Root, evaluation)
        : IsFastAnswerUnderWay ? null
        : _descent.Choose(number);
}
