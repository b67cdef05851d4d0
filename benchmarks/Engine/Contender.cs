using O1Coder.Inference;

namespace O1Coder.Benchmarks;

/// <summary>An engine that is measured in turn with others.</summary>
/// <param name="Name">For people.</param>
/// <param name="Engine">The engine; several contenders may share one.</param>
/// <param name="Adapter">The version of the adapter that its requests use, or null.</param>
internal sealed record Contender(string Name, IInferenceEngine Engine, string? Adapter);
