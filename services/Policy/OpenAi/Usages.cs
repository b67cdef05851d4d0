using O1Coder.Inference;

namespace O1Coder.Policy.OpenAi;

/// <summary>The engine's cost in OpenAI's shape.</summary>
internal static class Usages
{
    /// <summary>Turns the engine's event.</summary>
    public static Usage From(GenerationUsage usage) => new(
        usage.PromptTokens,
        usage.GeneratedTokens,
        usage.PromptTokens + usage.GeneratedTokens,
        new PromptTokensDetails(usage.CachedTokens));
}
