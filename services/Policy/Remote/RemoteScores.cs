using O1Coder.Policy.OpenAi;

namespace O1Coder.Policy.Remote;

/// <summary>Scores of a prompt's tokens in an answer that repeats the prompt.</summary>
internal static class RemoteScores
{
    /// <summary>log p(token | everything before it) of the prompt's tokens but the first; null where the answer does not hold them.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="tokens">The prompt's tokens; what follows is the server's own.</param>
    public static float[]? Read(Completion answer, int tokens)
    {
        var told = answer.Choices is [{ Logprobs.TokenLogprobs: { } values }] ? values : [];
        if (told.Count < tokens)
        {
            return null;
        }

        var scores = told.Take(tokens).Skip(1).ToArray();
        return scores.All(score => score is { } value && float.IsFinite(value)) ? [.. scores.Select(score => score!.Value)] : null;
    }
}
