namespace O1Coder.Coordinator;

/// <summary>finished.json: a run came to its end.</summary>
/// <param name="Finished">When.</param>
/// <param name="Seconds">Seconds in all.</param>
/// <param name="PolicyAdapter">The kept adapter's folder in the run's; empty for the base.</param>
internal sealed record RunEnd(DateTimeOffset Finished, double Seconds, string PolicyAdapter);
