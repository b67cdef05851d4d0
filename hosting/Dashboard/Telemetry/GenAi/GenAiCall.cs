using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.GenAi;

/// <summary>A call of a language model, read from a span by the conventions for generative AI, those of now and the older ones.</summary>
/// <param name="Operation">chat, text_completion, embeddings, …</param>
/// <param name="Provider">Who serves the model.</param>
/// <param name="Model">The model that answered, or else the one that was asked for.</param>
/// <param name="Adapter">The adapter on it; empty for none.</param>
/// <param name="InputTokens">Tokens of the prompt; null where not told.</param>
/// <param name="CachedTokens">Those of them that were in a cache.</param>
/// <param name="OutputTokens">Tokens that were written.</param>
/// <param name="Messages">What went in, then what came out.</param>
/// <param name="Parameters">Everything else that was asked for: temperature, top_p, …</param>
public sealed record GenAiCall(
    string Operation,
    string Provider,
    string Model,
    string Adapter,
    long? InputTokens,
    long? CachedTokens,
    long? OutputTokens,
    IReadOnlyList<GenAiMessage> Messages,
    IReadOnlyList<TelemetryAttribute> Parameters);
