namespace O1Coder.Policy.OpenAi;

/// <summary>Tokens of a chat completion with their log-probabilities.</summary>
/// <param name="Content">The tokens in order.</param>
internal sealed record ChatLogProbabilities(IReadOnlyList<TokenLogProbability> Content);
