namespace O1Coder.Inference;

/// <summary>Where a request stands in the queue. The default is of normal priority, by nobody in particular.</summary>
/// <param name="Priority">Requests of a higher one go first.</param>
/// <param name="Caller">
/// Who asks, for example a search's id: callers of one priority take turns, each with its requests in the order in which they
/// came. All without a name, empty or null, are one.
/// </param>
public readonly record struct QueueTicket(RequestPriority Priority, string? Caller);
