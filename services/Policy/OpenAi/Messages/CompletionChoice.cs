using System.Text.Json;
using System.Text.Json.Serialization;

namespace O1Coder.Policy.OpenAi;

/// <summary>One continuation, or what has been added to it.</summary>
internal sealed record CompletionChoice
{
    /// <summary>Which, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The text.</summary>
    public string? Text { get; init; }

    /// <summary>The tokens and their log-probabilities, if asked for.</summary>
    public CompletionLogProbabilities? Logprobs { get; init; }

    /// <summary>"stop" or "length" where the answer has ended.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The stop string that ended the answer (vLLM's field); of others a number for a token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? StopReason { get; init; }

    /// <summary>Only read: SGLang's name for <see cref="StopReason"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? MatchedStop { get; init; }

    /// <summary>The tokens, if asked for (vLLM's and SGLang's field).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? TokenIds { get; init; }

    /// <summary>The prompt's tokens, if asked for: once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? PromptTokenIds { get; init; }
}
