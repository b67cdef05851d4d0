namespace O1Coder.Coordinator;

/// <summary>Searches that this service itself asks for: the same as Solve, without a wire.</summary>
internal interface ISearches
{
    /// <summary>Runs one search to its end.</summary>
    /// <param name="request">As for Solve.</param>
    /// <param name="priority">How urgent it is beside searches that somebody watches.</param>
    /// <param name="report">Gets every event as it happens, progress included; null for none.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>All events but progress, in order: `started` first, `finished` last.</returns>
    /// <exception cref="Grpc.Core.RpcException">As Solve.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task<IReadOnlyList<V1.SolveResponse>> RunAsync(
        V1.SolveRequest request, V1.Priority priority, Action<V1.SolveResponse>? report, CancellationToken cancellationToken);
}
