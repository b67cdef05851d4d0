using System.Text.Json;

namespace O1Coder.Policy.OpenAi;

/// <summary>Asks for answers in a chat: <c>POST /v1/chat/completions</c>.</summary>
internal sealed record ChatCompletionRequest : GenerationFields
{
    /// <summary>The messages in order.</summary>
    public IReadOnlyList<ChatRequestMessage?>? Messages { get; init; }

    /// <summary>At most so many tokens an answer; goes before <see cref="GenerationFields.MaxTokens"/>.</summary>
    public int? MaxCompletionTokens { get; init; }

    /// <summary>Whether log-probabilities are told.</summary>
    public bool? Logprobs { get; init; }

    /// <summary>How many of the likeliest tokens are told at each place.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>Refused unless empty: the model calls no tools.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Refused unless empty: the model calls no functions.</summary>
    public JsonElement? Functions { get; init; }
}
