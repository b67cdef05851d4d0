using System.Text.Json;

namespace O1Coder.Policy.OpenAi;

/// <summary>Asks for continuations of a text: <c>POST /v1/completions</c>.</summary>
internal sealed record CompletionRequest : GenerationFields
{
    /// <summary>A text, or a list of token ids.</summary>
    public JsonElement? Prompt { get; init; }

    /// <summary>Whether log-probabilities are told, and of how many of the likeliest tokens at each place.</summary>
    public int? Logprobs { get; init; }

    /// <summary>Whether the prompt is told too: here only without an answer, to have its tokens scored.</summary>
    public bool? Echo { get; init; }

    /// <summary>Refused unless it is <see cref="GenerationFields.N"/>.</summary>
    public int? BestOf { get; init; }

    /// <summary>Refused: there is no filling in the middle.</summary>
    public string? Suffix { get; init; }

    /// <summary>Whether token ids are told beside the text: a field of vLLM's and SGLang's.</summary>
    public bool? ReturnTokenIds { get; init; }

    /// <summary>Whether log-probabilities name tokens as <c>token_id:5</c>: a field of vLLM's.</summary>
    public bool? ReturnTokensAsTokenIds { get; init; }

    /// <summary>
    /// Whether log-probabilities come with those of the distributions that tokens were drawn from: a field of this service's own.
    /// </summary>
    public bool? ReturnSamplingLogprobs { get; init; }

    /// <summary>Only sent: llama.cpp tells token ids and the stop string beside the answer.</summary>
    public bool? Verbose { get; init; }

    /// <summary>Only sent: llama.cpp tells token ids with <see cref="Verbose"/>.</summary>
    public bool? ReturnTokens { get; init; }
}
