namespace Aspire.Hosting.Orchestration;

/// <summary>The variables that a replica is started with.</summary>
/// <param name="Variables">In addition to those that the AppHost has itself.</param>
/// <param name="Secrets">The names of those whose value holds a secret.</param>
internal sealed record ComposedEnvironment(IReadOnlyDictionary<string, string> Variables, IReadOnlySet<string> Secrets);
