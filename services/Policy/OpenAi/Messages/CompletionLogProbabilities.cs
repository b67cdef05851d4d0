using System.Text.Json.Serialization;

namespace O1Coder.Policy.OpenAi;

/// <summary>Tokens of a text completion with their log-probabilities; all lists have one entry a token.</summary>
internal sealed record CompletionLogProbabilities
{
    /// <summary>The tokens as text; one that is no whole character as <c>bytes:\xe2\x80</c>.</summary>
    public IReadOnlyList<string?>? Tokens { get; init; }

    /// <summary>log p(token | everything before it) at temperature 1; null where unknown, as for the first of a prompt.</summary>
    public IReadOnlyList<float?>? TokenLogprobs { get; init; }

    /// <summary>The likeliest tokens at each place and the drawn one; null where not asked for.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, float>?>? TopLogprobs { get; init; }

    /// <summary>Where each token begins in the text, in characters.</summary>
    public IReadOnlyList<int>? TextOffset { get; init; }

    /// <summary>
    /// Under the distribution that each token was drawn from, after temperature and truncation; told with token ids. A
    /// field of this project's own.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float?>? TokenSamplingLogprobs { get; init; }

    /// <summary>Only read: llama.cpp's shape.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TokenLogProbability>? Content { get; init; }
}
