namespace O1Coder.Policy.OpenAi;

/// <summary>What an event adds to one answer.</summary>
/// <param name="Index">Which answer, from 0.</param>
/// <param name="Delta">What is new.</param>
/// <param name="Logprobs">The new tokens and their log-probabilities, if asked for.</param>
/// <param name="FinishReason">"stop" or "length" where the answer has ended.</param>
internal sealed record ChatChunkChoice(int Index, ChatAnswer Delta, ChatLogProbabilities? Logprobs, string? FinishReason);
