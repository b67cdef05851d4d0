using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>What a search tells who watches it: an event, or its end.</summary>
/// <param name="Event">A <see cref="V1.SolveResponse"/>; null for the end.</param>
/// <param name="Status">How it ended, a <see cref="StatusCode"/>.</param>
/// <param name="Detail">Why, where it failed.</param>
[GenerateSerializer, Immutable]
internal sealed record SearchNews(
    [property: Id(0)] byte[]? Event, [property: Id(1)] int Status, [property: Id(2)] string Detail);
