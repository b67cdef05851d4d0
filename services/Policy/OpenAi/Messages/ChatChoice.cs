namespace O1Coder.Policy.OpenAi;

/// <summary>One answer in a chat.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Message">The answer.</param>
/// <param name="Logprobs">Its tokens and their log-probabilities, if asked for.</param>
/// <param name="FinishReason">"stop" or "length".</param>
internal sealed record ChatChoice(int Index, ChatAnswer Message, ChatLogProbabilities? Logprobs, string? FinishReason);
