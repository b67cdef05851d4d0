namespace O1Coder.Coordinator;

/// <summary>
/// A search or a run, wherever in the cluster it runs; the key is its name. Its truth is its log in the runs folder, which all
/// coordinators share: when the one that runs it is lost, the next call makes another take it up from there.
/// </summary>
internal interface IWatchedGrain : IGrainWithStringKey
{
    /// <summary>The events as they come, progress among them, and how it ended last. Takes the work up if it does not run.</summary>
    /// <param name="after">The number of the last event that is known, for events that have one; 0 for none.</param>
    /// <param name="cancellationToken">Ends the watching, not the work.</param>
    IAsyncEnumerable<WorkNews> WatchAsync(long after, CancellationToken cancellationToken);

    /// <summary>Stops the work.</summary>
    Task CancelAsync();
}
