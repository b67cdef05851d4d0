using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using O1Coder.Inference;
using O1Coder.Models;
using O1Coder.Policy.OpenAi;

namespace O1Coder.Policy.Remote;

/// <summary>
/// Requests as each kind of server wants them. What the engine leaves out is said to be off: servers take what is absent
/// from the model's own generation_config.json, or from defaults of their own.
/// </summary>
internal static class RemoteRequest
{
    // Seeds that all servers take; llama.cpp's are 32 bits, -1 has a meaning for several.
    private const ulong SmallSeeds = int.MaxValue;

    private const float Ban = -100;

    /// <summary>A request for one token, the likeliest.</summary>
    public static CompletionRequest For(ServerKind kind, string model, JsonElement prompt) => new()
    {
        Model = model,
        Prompt = prompt,
        MaxTokens = 1,
        Temperature = 0,
        TopP = 1,
        TopK = kind == ServerKind.LlamaCpp ? 0 : -1,
        MinP = 0,
        RepetitionPenalty = 1,
        PresencePenalty = 0,
        FrequencyPenalty = 0,
        ReturnTokenIds = true,
        ReturnTokens = kind == ServerKind.LlamaCpp ? true : null,
        Verbose = kind == ServerKind.LlamaCpp ? true : null,
    };

    /// <summary>A request to have a prompt's tokens scored.</summary>
    /// <param name="model">The model's name there.</param>
    /// <param name="tokens">The prompt.</param>
    /// <param name="drawn">How many tokens the server draws for it, 0 or 1.</param>
    public static CompletionRequest ForScores(string model, int[] tokens, int drawn) =>
        For(ServerKind.Unknown, model, JsonSerializer.SerializeToElement(tokens, OpenAiJson.Default.Int32Array)) with
        {
            MaxTokens = drawn,
            Echo = true,
            Logprobs = 1,
        };

    /// <summary>A request for the engine's, which <see cref="RemoteLimits"/> has let pass.</summary>
    /// <param name="abilities">What the server can do.</param>
    /// <param name="model">The model's or adapter's name there.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="context">The longest sequence, in tokens.</param>
    /// <param name="tokenizer">The model's.</param>
    public static CompletionRequest For(
        ServerAbilities abilities, string model, GenerationRequest request, int context, ITokenizer tokenizer)
    {
        var sampling = request.Sampling;
        var prompt = abilities.TakesTokens
            ? JsonSerializer.SerializeToElement(request.Prompt.ToArray(), OpenAiJson.Default.Int32Array)
            : JsonSerializer.SerializeToElement(tokenizer.Decode(request.Prompt.Span), OpenAiJson.Default.String);
        var plain = For(abilities.Kind, model, prompt);
        return plain with
        {
            N = request.Sequences,
            Temperature = sampling.Temperature,
            TopP = sampling.TopP,
            TopK = sampling.TopK > 0 ? sampling.TopK : plain.TopK,

            // Servers refuse a request that may grow over the context in place of ending it there.
            MaxTokens = Math.Min(sampling.MaxTokens, context - request.Prompt.Length),
            Stop = sampling.Stop.Count == 0 ? null
                : JsonSerializer.SerializeToElement([.. sampling.Stop], OpenAiJson.Default.StringArray),
            Seed = JsonSerializer.SerializeToElement(
                abilities.Kind == ServerKind.Policy ? sampling.Seed : (sampling.Seed ^ (sampling.Seed >> 31)) & SmallSeeds,
                OpenAiJson.Default.UInt64),
            MinP = sampling.MinP,
            RepetitionPenalty = sampling.RepetitionPenalty,
            LogitBias = Biases(sampling.LogitBias, abilities.Kind),
            StructuredOutputs = abilities.Kind is ServerKind.Vllm or ServerKind.Policy ? Structured(sampling.Constraint) : null,
            Regex = abilities.Kind == ServerKind.Sglang ? Pattern(sampling.Constraint, ConstraintKind.Regex) : null,
            Ebnf = abilities.Kind == ServerKind.Sglang ? Pattern(sampling.Constraint, ConstraintKind.Grammar) : null,
            Grammar = abilities.Kind == ServerKind.LlamaCpp ? Pattern(sampling.Constraint, ConstraintKind.Grammar) : null,

            // Not every server tells the drawn token's alone for 0.
            Logprobs = !abilities.TellsLogProbabilities ? null
                : abilities.Kind == ServerKind.Policy ? sampling.TopLogProbabilities : Math.Max(1, sampling.TopLogProbabilities),
            ReturnTokensAsTokenIds = sampling.TopLogProbabilities > 0 && abilities.Kind != ServerKind.LlamaCpp ? true : null,
            ReturnSamplingLogprobs = sampling.SamplingLogProbabilities && abilities.Kind == ServerKind.Policy ? true : null,
            StreamOptions = abilities.TellsTokens ? new StreamOptions(IncludeUsage: true) : null,
        };
    }

    // llama.cpp bans with false; by the others' -100 a token is so unlikely that it comes to the same.
    private static JsonElement? Biases(IReadOnlyDictionary<int, float> biases, ServerKind kind)
    {
        if (biases.Count == 0)
        {
            return null;
        }

        JsonNode sent = kind == ServerKind.LlamaCpp
            ? new JsonArray([.. biases.Select(bias =>
                new JsonArray(bias.Key, bias.Value <= Ban ? JsonValue.Create(false) : JsonValue.Create(bias.Value)))])
            : new JsonObject(biases.Select(bias => KeyValuePair.Create<string, JsonNode?>(
                bias.Key.ToString(CultureInfo.InvariantCulture), bias.Value)));
        return Element(sent);
    }

    private static JsonElement? Structured(Constraint? constraint) => constraint is null ? null
        : Element(new JsonObject { [constraint.Kind == ConstraintKind.Regex ? "regex" : "grammar"] = constraint.Text });

    private static JsonElement? Pattern(Constraint? constraint, ConstraintKind kind) =>
        constraint?.Kind == kind ? JsonSerializer.SerializeToElement(constraint.Text, OpenAiJson.Default.String) : null;

    private static JsonElement Element(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }
}
