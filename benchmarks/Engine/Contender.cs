using O1Coder.Inference;

namespace O1Coder.Benchmarks;

/// <summary>An engine that is measured in turn with others.</summary>
/// <param name="Name">For people.</param>
/// <param name="Engine">The engine; several contenders may share one.</param>
/// <param name="Adapters">The versions of the adapters that its sequences use in equal parts; null is the model as it is.</param>
internal sealed record Contender(string Name, IInferenceEngine Engine, params string?[] Adapters);
