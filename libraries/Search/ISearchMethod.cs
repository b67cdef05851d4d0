namespace O1Coder.Search;

/// <summary>One way to look for a program.</summary>
public interface ISearchMethod
{
    /// <summary>
    /// Searches, yielding each event after the tree took it: <see cref="SearchStarted"/> first,
    /// <see cref="SearchFinished"/> last. The events depend on the options, the budget and the answers of proposer
    /// and judge alone. Cancelling throws at the next yield and leaves a sequence of events that replays to a
    /// consistent tree; so does an exception of the proposer or the judge, which passes through.
    /// </summary>
    /// <exception cref="ArgumentException">An option or a field of the budget is out of range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    IAsyncEnumerable<SearchEvent> SearchAsync(SearchRequest request, CancellationToken cancellationToken);
}
