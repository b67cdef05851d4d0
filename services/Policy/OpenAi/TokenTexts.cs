using System.Globalization;
using System.Text;
using O1Coder.Models;

namespace O1Coder.Policy.OpenAi;

/// <summary>Tokens of one answer as text, as they come.</summary>
internal sealed class TokenTexts(ITokenizer tokenizer)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private int _offset;

    /// <summary>The entries of a text completion for some more tokens.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="model">One a token: at temperature 1; NaN is unknown.</param>
    /// <param name="sampling">One a token: as drawn; null to leave them out.</param>
    public CompletionLogProbabilities OfText(
        IReadOnlyList<int> tokens, IReadOnlyList<float> model, IReadOnlyList<float>? sampling) => new()
        {
            Tokens = [.. tokens.Select(Spell)],
            TokenLogprobs = [.. model.Select(Known)],
            TextOffset = [.. tokens.Select(Offset)],
            TokenSamplingLogprobs = sampling is null ? null : [.. sampling.Select(Known)],
        };

    /// <summary>The entries of a chat completion for some more tokens.</summary>
    public ChatLogProbabilities OfChat(IReadOnlyList<int> tokens, IReadOnlyList<float> model) => new(
        [.. tokens.Zip(model, (token, logProbability) => new TokenLogProbability
        {
            Token = Encoding.UTF8.GetString(tokenizer.TokenBytes(token).Span),
            Logprob = Known(logProbability),
            Bytes = [.. tokenizer.TokenBytes(token).ToArray().Select(one => (int)one)],
            TopLogprobs = TopLogProbabilities.OfChat,
        })]);

    private static float? Known(float value) => float.IsFinite(value) ? value : null;

    private string Spell(int token)
    {
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
