namespace O1Coder.Policy.OpenAi;

/// <summary>
/// What is known of the tokens that were not drawn: nothing yet, so asking for them is refused. The one place to change
/// when the engine tells them.
/// </summary>
internal static class TopLogProbabilities
{
    // A text completion's number counts other tokens; 1 is what clients send to have the drawn token's own.
    private const int MostOfText = 1;

    /// <summary>Checks <c>logprobs</c> of a text completion.</summary>
    public static void CheckText(int? logprobs) => OpenAiException.ThrowUnless(logprobs is null or (>= 0 and <= MostOfText), "logprobs",
        logprobs, $"0 or {MostOfText}: only the drawn token's log-probability is known, not those of others");

    /// <summary>Checks <c>logprobs</c> and <c>top_logprobs</c> of a chat completion.</summary>
    public static void CheckChat(bool? logprobs, int? top)
    {
        OpenAiException.ThrowUnless(top is null or 0, "top_logprobs", top,
            "0: only the drawn token's log-probability is known, not those of others");
        OpenAiException.ThrowUnless(top is null || logprobs == true, "top_logprobs", top, "nothing where logprobs is not true");
    }

    /// <summary>The other tokens at one place of a chat completion.</summary>
    public static IReadOnlyList<TokenLogProbability> OfChat => [];
}
