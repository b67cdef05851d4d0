using O1Coder.Inference;

namespace O1Coder.Policy.OpenAi;

/// <summary>OpenAI's words for why an answer ended.</summary>
internal static class FinishReasons
{
    /// <summary>The model ended its turn, or a stop string appeared.</summary>
    public const string Stop = "stop";

    /// <summary>There was no room for more tokens.</summary>
    public const string Length = "length";

    /// <summary>The word for the engine's reason.</summary>
    public static string From(FinishReason reason) =>
        reason is FinishReason.MaxTokens or FinishReason.ContextFull ? Length : Stop;
}
