namespace O1Coder.Coordinator;

/// <summary>
/// One search, wherever in the cluster it runs; the key is the search's name. Its truth is its log in the runs folder, which
/// all coordinators share: when the one that runs it is lost, the next call makes another take the search up from there.
/// </summary>
internal interface ISearchGrain : IGrainWithStringKey
{
    /// <summary>Begins the search; one that was begun goes on as it was.</summary>
    /// <param name="request">A <see cref="V1.SolveRequest"/>, checked.</param>
    /// <param name="priority">A <see cref="V1.Priority"/>.</param>
    Task BeginAsync(byte[] request, int priority);

    /// <summary>Goes on with the search from its log, if it has not ended and does not run.</summary>
    Task TakeUpAsync();

    /// <summary>
    /// The search's events after some number, as they come, progress among them, and how it ended last. Takes the search up
    /// if it does not run.
    /// </summary>
    /// <param name="after">The number of the last event that is known; 0 for none.</param>
    /// <param name="cancellationToken">Ends the watching, not the search.</param>
    IAsyncEnumerable<SearchNews> WatchAsync(long after, CancellationToken cancellationToken);

    /// <summary>Stops the search; its log says so.</summary>
    Task CancelAsync();
}
