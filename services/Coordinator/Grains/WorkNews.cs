namespace O1Coder.Coordinator;

/// <summary>What a search or a run tells who watches it: an event, or its end.</summary>
/// <param name="Event">The event as bytes; null for the end.</param>
/// <param name="End">How it ended; null for an event.</param>
[GenerateSerializer, Immutable]
internal sealed record WorkNews([property: Id(0)] byte[]? Event, [property: Id(1)] WorkEnd? End);
