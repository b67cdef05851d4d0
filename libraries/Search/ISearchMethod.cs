namespace O1Coder.Search;

/// <summary>One way to look for a program.</summary>
public interface ISearchMethod
{
    /// <summary>What it is called, whose it is and which settings it has.</summary>
    MethodDescription Description { get; }

    /// <summary>
    /// Searches, yielding each event after the tree took it: <see cref="SearchStarted"/> first,
    /// <see cref="SearchFinished"/> last. The events depend on the options, the budget and the answers to what is asked
    /// alone, not on when the answers come. Cancelling throws at the next yield and leaves a sequence of events that
    /// replays to a consistent tree; so does an exception of who was asked, which passes through.
    /// </summary>
    /// <exception cref="ArgumentException">An option or a field of the budget is out of range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    IAsyncEnumerable<SearchEvent> SearchAsync(SearchRequest request, CancellationToken cancellationToken);
}
