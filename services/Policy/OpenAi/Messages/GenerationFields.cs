using System.Text.Json;

namespace O1Coder.Policy.OpenAi;

/// <summary>
/// The fields that both kinds of completion requests have. Values that may be of several kinds are kept as they came;
/// <see cref="RequestReader"/> says what is wrong with one. A field that is absent here is ignored.
/// </summary>
internal abstract record GenerationFields
{
    /// <summary>The model's id or an adapter's name.</summary>
    public string? Model { get; init; }

    /// <summary>How many answers.</summary>
    public int? N { get; init; }

    /// <summary>Divides the logits; 0 is greedy.</summary>
    public float? Temperature { get; init; }

    /// <summary>Only the likeliest tokens that together reach this probability.</summary>
    public float? TopP { get; init; }

    /// <summary>Only the k likeliest tokens; 0 and -1 are off. Not OpenAI's own, but every server's.</summary>
    public int? TopK { get; init; }

    /// <summary>At most so many tokens an answer.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>A string, or a list of them, before which an answer ends.</summary>
    public JsonElement? Stop { get; init; }

    /// <summary>The seed, a 64-bit integer; absent for another at each request.</summary>
    public JsonElement? Seed { get; init; }

    /// <summary>Who asks: the callers of the queue take turns.</summary>
    public string? User { get; init; }

    /// <summary>Whether the answer comes as server-sent events.</summary>
    public bool? Stream { get; init; }

    /// <summary>What the stream tells beside the answer.</summary>
    public StreamOptions? StreamOptions { get; init; }

    /// <summary>Refused unless 0: the engine has no such penalty.</summary>
    public float? PresencePenalty { get; init; }

    /// <summary>Refused unless 0: the engine has no such penalty.</summary>
    public float? FrequencyPenalty { get; init; }

    /// <summary>Divides or multiplies the logits of tokens that were there already; 1 is off (vLLM's field).</summary>
    public float? RepetitionPenalty { get; init; }

    /// <summary>Only tokens at least so likely as this times the likeliest; 0 is off. Not OpenAI's own, but every server's.</summary>
    public float? MinP { get; init; }

    /// <summary>Values that are added to tokens' logits, by token id; -100 bans. Sent to llama.cpp as a list of pairs.</summary>
    public JsonElement? LogitBias { get; init; }

    /// <summary>Of type "text" or "json_object"; a schema is refused.</summary>
    public JsonElement? ResponseFormat { get; init; }

    /// <summary>What the answer must match: an object with <c>regex</c> or <c>grammar</c> (vLLM's field).</summary>
    public JsonElement? StructuredOutputs { get; init; }

    /// <summary>A regular expression (vLLM's older field).</summary>
    public JsonElement? GuidedRegex { get; init; }

    /// <summary>A grammar (vLLM's older field).</summary>
    public JsonElement? GuidedGrammar { get; init; }

    /// <summary>Refused: schemas are not served.</summary>
    public JsonElement? GuidedJson { get; init; }

    /// <summary>Refused: choices are not served.</summary>
    public JsonElement? GuidedChoice { get; init; }

    /// <summary>A regular expression (SGLang's field).</summary>
    public JsonElement? Regex { get; init; }

    /// <summary>A grammar (SGLang's field).</summary>
    public JsonElement? Ebnf { get; init; }

    /// <summary>A grammar (llama.cpp's field).</summary>
    public JsonElement? Grammar { get; init; }

    /// <summary>Refused: schemas are not served (llama.cpp's and SGLang's field).</summary>
    public JsonElement? JsonSchema { get; init; }
}
