using System.Globalization;
using System.Text;
using O1Coder.Models;
using Likely = O1Coder.Inference.TokenLogProbability;

namespace O1Coder.Policy.OpenAi;

/// <summary>Tokens of one answer as text, as they come.</summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="asIds">Whether a text completion's tokens are written as their ids.</param>
internal sealed class TokenTexts(ITokenizer tokenizer, bool asIds = false)
{
    /// <summary>What a token begins with that is written as its id (vLLM's notation).</summary>
    public const string IdPrefix = "token_id:";

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private int _offset;

    /// <summary>The entries of a text completion for some more tokens.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="model">One a token: at temperature 1; NaN is unknown.</param>
    /// <param name="sampling">One a token: as drawn; null to leave them out.</param>
    /// <param name="likeliest">One a token: the likeliest at its place; empty to leave them out.</param>
    public CompletionLogProbabilities OfText(
        IReadOnlyList<int> tokens,
        IReadOnlyList<float> model,
        IReadOnlyList<float>? sampling,
        IReadOnlyList<IReadOnlyList<Likely>> likeliest) => new()
        {
            TopLogprobs = likeliest.Count != tokens.Count || tokens.Count == 0 ? null
                : [.. tokens.Select((token, i) => Top(new Likely(token, model[i]), likeliest[i]))],
            Tokens = [.. tokens.Select(Spell)],
            TokenLogprobs = [.. model.Select(Known)],
            TextOffset = [.. tokens.Select(Offset)],
            TokenSamplingLogprobs = sampling is null ? null : [.. sampling.Select(Known)],
        };

    /// <summary>The entries of a chat completion for some more tokens.</summary>
    public ChatLogProbabilities OfChat(
        IReadOnlyList<int> tokens, IReadOnlyList<float> model, IReadOnlyList<IReadOnlyList<Likely>> likeliest) => new(
        [.. tokens.Select((token, i) => OfChat(new Likely(token, model[i])) with
        {
            TopLogprobs = likeliest.Count == tokens.Count ? [.. likeliest[i].Select(OfChat)] : [],
        })]);

    private TokenLogProbability OfChat(Likely token) => new()
    {
        Token = Encoding.UTF8.GetString(tokenizer.TokenBytes(token.Token).Span),
        Logprob = Known(token.LogProbability),
        Bytes = [.. tokenizer.TokenBytes(token.Token).ToArray().Select(one => (int)one)],
    };

    // The drawn token is always among them, as with OpenAI; of two that are spelled alike the likelier one is told.
    private Dictionary<string, float> Top(Likely drawn, IReadOnlyList<Likely> likeliest)
    {
        var top = new Dictionary<string, float>();
        foreach (var one in likeliest.Append(drawn).Where(one => float.IsFinite(one.LogProbability)))
        {
            top.TryAdd(Spell(one.Token), one.LogProbability);
        }

        return top;
    }

    private static float? Known(float value) => float.IsFinite(value) ? value : null;

    private string Spell(int token)
    {
        if (asIds)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{token}");
        }

        var bytes = tokenizer.TokenBytes(token).Span;
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            var spelled = new StringBuilder("bytes:");
            foreach (var one in bytes)
            {
                spelled.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
            }

            return spelled.ToString();
        }
    }

    private int Offset(int token)
    {
        var begins = _offset;
        var bytes = tokenizer.TokenBytes(token).Span;
        Span<char> letters = stackalloc char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        _offset += _decoder.GetChars(bytes, letters, flush: false);
        return begins;
    }
}
