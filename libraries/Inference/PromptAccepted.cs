namespace O1Coder.Inference;

/// <summary>The prompt is in the cache and decoding begins.</summary>
/// <param name="CachedTokens">Prompt tokens that were found in the prefix cache.</param>
public sealed record PromptAccepted(int CachedTokens) : GenerationEvent;
