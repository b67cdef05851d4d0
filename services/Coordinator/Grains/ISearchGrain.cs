namespace O1Coder.Coordinator;

/// <summary>One search.</summary>
internal interface ISearchGrain : IWatchedGrain
{
    /// <summary>Begins the search; one that was begun goes on as it was.</summary>
    /// <param name="request">A <see cref="V1.SolveRequest"/>, checked.</param>
    /// <param name="priority">A <see cref="V1.Priority"/>.</param>
    /// <param name="caller">The span that asks for it, as W3C's traceparent; empty for none.</param>
    Task BeginAsync(byte[] request, int priority, string caller);
}
