using System.Globalization;
using O1Coder.Models;
using O1Coder.Policy.OpenAi;
using Likely = O1Coder.Inference.TokenLogProbability;

namespace O1Coder.Policy.Remote;

/// <summary>
/// Finds the tokens of an answer: as the server tells them, in whichever place it does, and only where they spell the
/// answer's text.
/// </summary>
internal static class AnswerTokens
{
    /// <summary>The tokens that a choice names in vLLM's and SGLang's field; null for none.</summary>
    public static List<RemoteToken>? Told(CompletionChoice choice)
    {
        if (choice.TokenIds is not { } ids)
        {
            return null;
        }

        var values = choice.Logprobs?.TokenLogprobs;
        var drawn = choice.Logprobs?.TokenSamplingLogprobs;
        return [.. ids.Select((id, i) => new RemoteToken(id, At(values, ids.Count, i), At(drawn, ids.Count, i), Top(choice.Logprobs, ids.Count, i)))];
    }

    /// <summary>The tokens of a whole answer wherever they are told; null where they are not, or do not spell its text.</summary>
    /// <param name="choice">The answer.</param>
    /// <param name="verbose">What llama.cpp tells beside it.</param>
    /// <param name="tokenizer">The model's.</param>
    public static List<RemoteToken>? Find(CompletionChoice choice, VerboseAnswer? verbose, ITokenizer tokenizer)
    {
        var text = choice.Text ?? "";
        foreach (var candidate in new[] { Told(choice), Beside(choice, verbose), WithIds(choice), Spelled(choice, tokenizer) })
        {
            if (candidate is not null && candidate.TrueForAll(token => token.Id >= 0 && token.Id < tokenizer.VocabularySize)
                && Decode(candidate, tokenizer).StartsWith(text, StringComparison.Ordinal))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>The text that tokens spell.</summary>
    public static string Decode(IEnumerable<RemoteToken> tokens, ITokenizer tokenizer) =>
        tokenizer.Decode([.. tokens.Select(token => token.Id)]);

    // llama.cpp's list of all tokens; its log-probabilities leave out those of a stop string.
    private static List<RemoteToken>? Beside(CompletionChoice choice, VerboseAnswer? verbose)
    {
        var content = choice.Logprobs?.Content ?? [];
        return verbose?.Tokens is not { Count: > 0 } ids ? null : [.. ids.Select((id, i) => new RemoteToken(
            id, i < content.Count && content[i].Id == id ? content[i].Logprob ?? float.NaN : float.NaN,
            Likeliest: i < content.Count && content[i].Id == id ? Top(content[i]) : null))];
    }

    private static List<RemoteToken>? WithIds(CompletionChoice choice) =>
        choice.Logprobs?.Content is { } content && content.All(token => token.Id is not null)
            ? [.. content.Select(token => new RemoteToken(token.Id!.Value, token.Logprob ?? float.NaN, Likeliest: Top(token)))]
            : null;

    // Tokens told as text: each must be one token of the model's.
    private static List<RemoteToken>? Spelled(CompletionChoice choice, ITokenizer tokenizer)
    {
        if (choice.Logprobs is not { Tokens: { } spelled } told)
        {
            return null;
        }

        var tokens = new List<RemoteToken>();
        for (var i = 0; i < spelled.Count; i++)
        {
            if (string.IsNullOrEmpty(spelled[i])
                || (Id(spelled[i]!) is { } named ? [named] : tokenizer.Encode(spelled[i]!, parseSpecial: true)) is not [var id])
            {
                return null;
            }

            tokens.Add(new RemoteToken(id, At(told.TokenLogprobs, spelled.Count, i), Likeliest: Top(told, spelled.Count, i)));
        }

        return tokens;
    }

    // Told by id, as was asked for; what is told as text is not known for sure.
    private static Likely[]? Top(CompletionLogProbabilities? told, int count, int i) =>
        told?.TopLogprobs is { } top && top.Count == count && top[i] is { } likeliest
            ? [.. likeliest.Where(one => Id(one.Key) is not null).Select(one => new Likely(Id(one.Key)!.Value, one.Value))]
            : null;

    private static Likely[]? Top(TokenLogProbability token) => token.TopLogprobs is { } likeliest
        ? [.. likeliest.Where(one => one is { Id: not null, Logprob: not null }).Select(one => new Likely(one.Id!.Value, one.Logprob!.Value))]
        : null;

    private static int? Id(string spelled) => spelled.StartsWith(TokenTexts.IdPrefix, StringComparison.Ordinal)
        && int.TryParse(spelled.AsSpan(TokenTexts.IdPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    private static float At(IReadOnlyList<float?>? values, int count, int i) =>
        values?.Count == count ? values[i] ?? float.NaN : float.NaN;
}
