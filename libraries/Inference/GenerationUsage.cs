namespace O1Coder.Inference;

/// <summary>What a request cost; the last event.</summary>
/// <param name="PromptTokens">Prompt tokens asked for.</param>
/// <param name="CachedTokens">Of them, found in the prefix cache.</param>
/// <param name="GeneratedTokens">Tokens generated over all sequences, those of a forced prefix included.</param>
/// <param name="QueueTime">Time in the queue.</param>
/// <param name="PrefillTime">Time of prefill.</param>
/// <param name="DecodeTime">Time of decoding.</param>
public sealed record GenerationUsage(
    int PromptTokens,
    int CachedTokens,
    int GeneratedTokens,
    TimeSpan QueueTime,
    TimeSpan PrefillTime,
    TimeSpan DecodeTime) : GenerationEvent;
