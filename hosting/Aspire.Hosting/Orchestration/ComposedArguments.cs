namespace Aspire.Hosting.Orchestration;

/// <summary>The arguments that a replica is started with.</summary>
/// <param name="Values">The arguments.</param>
/// <param name="HoldSecret">Whether one of them holds a secret.</param>
internal sealed record ComposedArguments(IReadOnlyList<string> Values, bool HoldSecret);
