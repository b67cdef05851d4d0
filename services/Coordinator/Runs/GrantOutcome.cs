using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>What a grant came to, or what it failed with: errors of gRPC do not travel between silos as they are.</summary>
/// <param name="Result">The result; null where it failed.</param>
/// <param name="Status">What it failed with, a <see cref="StatusCode"/>.</param>
/// <param name="Detail">Why.</param>
[GenerateSerializer, Immutable]
internal sealed record GrantOutcome([property: Id(0)] GrantResult? Result, [property: Id(1)] int Status, [property: Id(2)] string Detail);
