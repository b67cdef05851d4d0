using System.Text.Json;
using O1Coder.Inference;
using O1Coder.Policy.OpenAi;

namespace O1Coder.Policy.Remote;

/// <summary>Why an answer ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Stop">The stop string that ended it, or null.</param>
internal readonly record struct AnswerEnd(FinishReason Reason, string? Stop = null)
{
    /// <summary>Reads the end of an answer; null where it has not ended or for a word that is not known.</summary>
    /// <param name="choice">The answer's last part.</param>
    /// <param name="verbose">What llama.cpp tells beside it.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="tokens">How many tokens it has.</param>
    /// <param name="endOfTurn">Whether its last token ends a turn; null where tokens are not known.</param>
    /// <param name="rest">What the tokens spell after the text; empty where they are not known.</param>
    /// <param name="lacksStop">Whether the server may have left the tokens of a stop string out.</param>
    /// <param name="context">The longest sequence, in tokens.</param>
    /// <param name="kind">What the server is.</param>
    public static AnswerEnd? Read(
        CompletionChoice choice,
        VerboseAnswer? verbose,
        GenerationRequest request,
        int tokens,
        bool? endOfTurn,
        string rest,
        bool lacksStop,
        int context,
        ServerKind kind) => choice.FinishReason switch
        {
            FinishReasons.Length => new AnswerEnd(
                tokens < request.Sampling.MaxTokens && request.Prompt.Length + tokens >= context
                    ? FinishReason.ContextFull
                    : FinishReason.MaxTokens),
            FinishReasons.Stop => Stopped(choice, verbose, request.Sampling.Stop, endOfTurn, rest, lacksStop),

            // Others mean what OpenAI does: a text that somebody took offence at.
            FinishReasons.ContentFilter when kind == ServerKind.Policy => new AnswerEnd(FinishReason.NoToken),
            _ => null,
        };

    private static AnswerEnd Stopped(
        CompletionChoice choice, VerboseAnswer? verbose, IReadOnlyList<string> stops, bool? endOfTurn, string rest, bool lacksStop)
    {
        // vLLM, SGLang and Policy name the string; a number or nothing is a token that ends a turn.
        if ((choice.StopReason ?? choice.MatchedStop) is { ValueKind: JsonValueKind.String } named)
        {
            return new AnswerEnd(FinishReason.StopString, named.GetString());
        }

        if (verbose?.StoppingWord is { Length: > 0 } word)
        {
            return new AnswerEnd(FinishReason.StopString, word);
        }

        var spelled = stops.Where(stop => rest.StartsWith(stop, StringComparison.Ordinal)).MaxBy(stop => stop.Length);
        if (endOfTurn != true && spelled is not null)
        {
            return new AnswerEnd(FinishReason.StopString, spelled);
        }

        // Neither a token that ends a turn nor a stop string is there: it was one that is left out, known where there is one.
        return lacksStop && endOfTurn == false && stops.Count > 0
            ? new AnswerEnd(FinishReason.StopString, stops.Count == 1 ? stops[0] : null)
            : new AnswerEnd(FinishReason.EndOfTurn);
    }
}
