namespace O1Coder.Policy.OpenAi;

/// <summary>More about the prompt's tokens.</summary>
/// <param name="CachedTokens">How many were found in the prefix cache.</param>
internal sealed record PromptTokensDetails(int? CachedTokens);
