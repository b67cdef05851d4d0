namespace O1Coder.Policy.OpenAi;

/// <summary>How many of the likeliest tokens a request asks for at each place, checked.</summary>
internal static class TopLogProbabilities
{
    private const int Most = 20;

    // Scores know the prompt's own tokens alone; 1 is what clients send to have those.
    private const int MostOfScores = 1;

    /// <summary>Reads <c>logprobs</c> of a text completion.</summary>
    /// <param name="logprobs">The field.</param>
    /// <param name="scores">Whether the prompt is to be scored.</param>
    public static int ReadText(int? logprobs, bool scores)
    {
        OpenAiException.ThrowUnless(!scores || logprobs is null or (>= 0 and <= MostOfScores), "logprobs", logprobs,
            $"0 or {MostOfScores} with echo: of a prompt only its own tokens are known");
        OpenAiException.ThrowUnless(logprobs is null or (>= 0 and <= Most), "logprobs", logprobs, $"0 to {Most}");
        return logprobs ?? 0;
    }

    /// <summary>Reads <c>logprobs</c> and <c>top_logprobs</c> of a chat completion.</summary>
    public static int ReadChat(bool? logprobs, int? top)
    {
        OpenAiException.ThrowUnless(top is null or (>= 0 and <= Most), "top_logprobs", top, $"0 to {Most}");
        OpenAiException.ThrowUnless(top is null || logprobs == true, "top_logprobs", top, "nothing where logprobs is not true");
        return top ?? 0;
    }
}
