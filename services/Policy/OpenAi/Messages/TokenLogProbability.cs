using System.Text.Json.Serialization;

namespace O1Coder.Policy.OpenAi;

/// <summary>One token of a chat completion with its log-probability.</summary>
internal sealed record TokenLogProbability
{
    /// <summary>The token as text; bytes that are no whole character are U+FFFD.</summary>
    public string? Token { get; init; }

    /// <summary>Only read: the token's id, which llama.cpp tells.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Id { get; init; }

    /// <summary>log p(token | everything before it) at temperature 1; null where unknown.</summary>
    public float? Logprob { get; init; }

    /// <summary>The token's bytes.</summary>
    public IReadOnlyList<int>? Bytes { get; init; }

    /// <summary>The likeliest tokens at this place, if asked for, the likeliest first; absent of one of these.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TokenLogProbability>? TopLogprobs { get; init; }
}
