namespace O1Coder.Search;

/// <summary>
/// One search by one method: chooses where each rollout goes. A method that keeps more than the tree keeps it here, as a
/// function of the events alone.
/// </summary>
/// <param name="state">The search.</param>
internal abstract class MethodRun(SearchState state)
{
    /// <summary>The search.</summary>
    protected SearchState State => state;

    /// <summary>
    /// Whether the search is to end: its budget is spent, or a program passes, unless it is to go on all the same.
    /// </summary>
    public bool IsOver => state.BudgetSpent || (!state.Options.Exhaust && IsSatisfied);

    /// <summary>
    /// Whether the fast answer, with which the search began, is not there yet. It is worth waiting for: what follows is only
    /// needed when it fails.
    /// </summary>
    protected bool IsFastAnswerUnderWay => state.Options.FastAnswer && state.Tree.Root.Children.Count == 0;

    /// <summary>Whether what was found is good enough: a program that passes every visible test.</summary>
    protected virtual bool IsSatisfied => state.Passed;

    /// <summary>
    /// The next rollout. Called in turn, when every event that precedes it has been applied, so that it may read the
    /// whole tree.
    /// </summary>
    /// <param name="number">The rollout's number, from 1.</param>
    /// <returns>
    /// The choice; null when there is nothing to do before a rollout under way has come back, or, when none is, at all.
    /// </returns>
    public abstract Choice? Next(int number);

    /// <summary>Whether a path ends with its first program; false for methods whose nodes are programs to be bettered.</summary>
    public virtual bool ProgramsEnd => true;

    /// <summary>How many rollouts this method does at most.</summary>
    public virtual int MostRollouts => int.MaxValue;

    /// <summary>
    /// Takes notice of an event that was applied to the tree. In a search that goes on from its log the events are the
    /// same.
    /// </summary>
    public virtual void Notice(SearchEvent one)
    {
    }
}
