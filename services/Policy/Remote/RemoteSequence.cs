using System.Text;
using O1Coder.Inference;
using O1Coder.Models;
using O1Coder.Policy.OpenAi;
using Likely = O1Coder.Inference.TokenLogProbability;

namespace O1Coder.Policy.Remote;

/// <summary>One sequence of an answer, turned into the engine's events.</summary>
/// <param name="index">Which, from 0.</param>
/// <param name="request">What was asked.</param>
/// <param name="context">The longest sequence, in tokens.</param>
/// <param name="model">Tokenizer and end-of-turn tokens.</param>
/// <param name="server">The server, for errors.</param>
/// <param name="kind">What it is.</param>
internal sealed class RemoteSequence(
    int index, GenerationRequest request, int context, LanguageModel model, RemoteServer server, ServerKind kind)
{
    private readonly LogProbabilityMeaning _meaning = new(request.Sampling, kind);
    private readonly StringBuilder _text = new();
    private readonly List<int> _tokens = [];

    // A token that ends a turn is no part of the answer, unless more follows.
    private RemoteToken? _held;

    /// <summary>Whether it has ended.</summary>
    public bool Ended { get; private set; }

    /// <summary>How many tokens it has.</summary>
    public int Count => _tokens.Count;

    /// <summary>Takes a part of a stream.</summary>
    public IEnumerable<GenerationEvent> Add(CompletionChoice choice)
    {
        if (Ended)
        {
            throw server.Broken($"went on with sequence {index} after its end");
        }

        var tokens = AnswerTokens.Told(choice);
        if (tokens is null && !string.IsNullOrEmpty(choice.Text))
        {
            throw server.Broken("left token_ids out of a stream");
        }

        foreach (var token in tokens ?? [])
        {
            if (token.Id < 0 || token.Id >= model.Tokenizer.VocabularySize)
            {
                throw server.Broken($"told token {token.Id}: expected 0 to {model.Tokenizer.VocabularySize - 1}");
            }
        }

        return Take(choice, null, tokens ?? [], known: true, lacksStop: false);
    }

    /// <summary>Takes a whole answer.</summary>
    public IEnumerable<GenerationEvent> AddWhole(CompletionChoice choice, VerboseAnswer? verbose)
    {
        if (Ended)
        {
            throw server.Broken($"told sequence {index} twice");
        }

        if (choice.FinishReason is null)
        {
            throw server.Broken($"did not say why sequence {index} ended");
        }

        var tokens = AnswerTokens.Find(choice, verbose, model.Tokenizer);
        return Take(choice, verbose, tokens ?? [], known: tokens is not null, lacksStop: choice.TokenIds is null);
    }

    private IEnumerable<GenerationEvent> Take(
        CompletionChoice choice, VerboseAnswer? verbose, List<RemoteToken> tokens, bool known, bool lacksStop)
    {
        var text = choice.Text ?? "";
        _text.Append(text);
        if (_held is { } held && (tokens.Count > 0 || text.Length > 0))
        {
            tokens.Insert(0, held);
            _held = null;
        }

        if (tokens.Count > 0 && model.Description.EndOfTurnTokens.Contains(tokens[^1].Id))
        {
            _held = tokens[^1];
            tokens.RemoveAt(tokens.Count - 1);
        }

        AnswerEnd? end = null;
        if (choice.FinishReason is { } word)
        {
            end = End(choice, verbose, tokens, known, lacksStop)
                ?? throw server.Unavailable($"ended sequence {index} with '{word}'");
            Complete(tokens, known, lacksStop, end.Value);
        }

        return Tell(tokens, text, end);
    }

    private AnswerEnd? End(
        CompletionChoice choice, VerboseAnswer? verbose, List<RemoteToken> tokens, bool known, bool lacksStop)
    {
        var rest = "";
        if (known)
        {
            var spelled = model.Tokenizer.Decode([.. _tokens, .. tokens.Select(token => token.Id)]);
            rest = spelled.Length > _text.Length ? spelled[_text.Length..] : "";
        }

        var count = _tokens.Count + tokens.Count + (_held is null ? 0 : 1);
        return AnswerEnd.Read(choice, verbose, request, count, known ? _held is not null : null, rest, lacksStop, context, kind);
    }

    // What the contract promises and the server has left out.
    private void Complete(List<RemoteToken> tokens, bool known, bool lacksStop, AnswerEnd end)
    {
        if (_held is { } held && end.Reason != FinishReason.EndOfTurn)
        {
            tokens.Add(held);
        }

        if (!known)
        {
            tokens.AddRange(Encode(_text + end.Stop));
        }
        else if (lacksStop && end.Stop is { } stop
            && !model.Tokenizer.Decode([.. _tokens, .. tokens.Select(token => token.Id)]).StartsWith(_text + stop, StringComparison.Ordinal))
        {
            tokens.AddRange(Encode(stop));
        }
    }

    private IEnumerable<RemoteToken> Encode(string text) =>
        model.Tokenizer.Encode(text, parseSpecial: false).Select(id => new RemoteToken(id));

    // Servers tell the drawn token too where it is not among them.
    private static Likely[] Likeliest(RemoteToken token, int count) =>
        [.. (token.Likeliest ?? []).OrderByDescending(one => one.LogProbability).ThenBy(one => one.Token).Take(count)];

    private IEnumerable<GenerationEvent> Tell(List<RemoteToken> tokens, string text, AnswerEnd? end)
    {
        if (tokens.Count > 0 || text.Length > 0)
        {
            int[] ids = [.. tokens.Select(token => token.Id)];
            _tokens.AddRange(ids);
            yield return new SequenceChunk(
                index, ids, text, request.Sampling.SamplingLogProbabilities ? [.. tokens.Select(_meaning.Sampling)] : [], [.. tokens.Select(_meaning.Model)])
            {
                // Of a token that the server left out, nothing is known.
                TopLogProbabilities = request.Sampling.TopLogProbabilities == 0 ? []
                    : [.. tokens.Select(token => Likeliest(token, request.Sampling.TopLogProbabilities))],
            };
        }

        if (end is { } ended)
        {
            Ended = true;
            yield return new SequenceFinished(index, ended.Reason, ended.Stop, _text.ToString(), [.. _tokens]);
        }
    }
}
