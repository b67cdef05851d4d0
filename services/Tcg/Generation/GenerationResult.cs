namespace O1Coder.Tcg;

/// <summary>What a generation came to; the counts are with its progress.</summary>
/// <param name="Tests">The tests, at most as many as were wanted.</param>
/// <param name="Model">The weights that wrote the cases.</param>
internal sealed record GenerationResult(IReadOnlyList<V1.GeneratedTest> Tests, V1.ModelIdentity? Model);
