using O1Coder.Inference;

namespace O1Coder.Policy.OpenAi;

/// <summary>OpenAI's words for why an answer ended.</summary>
internal static class FinishReasons
{
    /// <summary>The model ended its turn, or a stop string appeared.</summary>
    public const string Stop = "stop";

    /// <summary>There was no room for more tokens.</summary>
    public const string Length = "length";

    /// <summary>
    /// All tokens were forbidden. Of OpenAI's words, to which strict clients hold, it is the nearest: the answer is not
    /// whole, and more room would not help.
    /// </summary>
    public const string ContentFilter = "content_filter";

    /// <summary>The word for the engine's reason.</summary>
    public static string From(FinishReason reason) => reason switch
    {
        FinishReason.MaxTokens or FinishReason.ContextFull => Length,
        FinishReason.NoToken => ContentFilter,
        _ => Stop,
    };
}
