namespace O1Coder.Inference;

/// <summary>A path with which prompts began more than once.</summary>
/// <param name="Tokens">The path.</param>
/// <param name="Adapter">The version of the adapter that computed it, or null.</param>
public sealed record HotPrefix(ReadOnlyMemory<int> Tokens, string? Adapter);
