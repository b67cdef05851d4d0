using System.Buffers;
using System.Text;

namespace O1Coder.Models;

/// <summary>
/// Byte-pair encoding as Hugging Face's tokenizers do it, from tokenizer.json or from a GGUF's own tokens: added tokens are cut
/// out of the text, what lies between is normalised, cut into pieces and merged.
/// </summary>
public sealed class BpeTokenizer : ITokenizer
{
    private readonly BpeVocabulary _vocabulary;
    private readonly TextPipeline _pipeline;
    private readonly AddedTokens _rawTokens;
    private readonly AddedTokens _normalizedTokens;
    private readonly Dictionary<string, int> _specialTokens = new(StringComparer.Ordinal);
    private readonly HashSet<int> _specialIds;
    private readonly string?[] _texts;
    private readonly byte[][] _bytes;
    private readonly IReadOnlyList<Func<List<string>, List<string>>>? _decoding;

    /// <summary>Puts a tokenizer together.</summary>
    /// <param name="vocabulary">Merges pieces.</param>
    /// <param name="pipeline">What happens before.</param>
    /// <param name="rawTokens">Added tokens that are looked for in the text as it is.</param>
    /// <param name="normalizedTokens">Those that are looked for in the normalised text; their spelling is normalised already.</param>
    /// <param name="texts">Every id's token, null for padding.</param>
    /// <param name="bytes">Every id's bytes.</param>
    /// <param name="decoding">The steps that turn tokens into text, or null where their bytes are the text.</param>
    internal BpeTokenizer(
        BpeVocabulary vocabulary, TextPipeline pipeline, IReadOnlyList<AddedToken> rawTokens, IReadOnlyList<AddedToken> normalizedTokens,
        string?[] texts, byte[][] bytes, IReadOnlyList<Func<List<string>, List<string>>>? decoding)
    {
        (_vocabulary, _pipeline, _texts, _bytes, _decoding) = (vocabulary, pipeline, texts, bytes, decoding);
        _rawTokens = new AddedTokens(rawTokens);
        _normalizedTokens = new AddedTokens(normalizedTokens);
        _specialIds = [.. rawTokens.Concat(normalizedTokens).Select(token => token.Id)];
        foreach (var id in _specialIds)
        {
            _specialTokens.TryAdd(texts[id]!, id);
        }

        ControlTexts = [.. rawTokens.Concat(normalizedTokens).Where(token => token.Control).Select(token => texts[token.Id]!).Distinct()];
    }

    /// <inheritdoc />
    public int VocabularySize => _texts.Length;

    /// <summary>The spellings of tokens that structure texts.</summary>
    internal IReadOnlyList<string> ControlTexts { get; }

    /// <summary>Makes the tokenizer that a GGUF file's metadata describes.</summary>
    /// <exception cref="ModelFormatException">
    /// A key is missing, the kind of tokenizer is not known, or tokens, types, merges and scores do not fit together.
    /// </exception>
    public static BpeTokenizer Read(GgufMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return GgufTokenizer.Read(metadata);
    }

    /// <summary>Reads a tokenizer.json.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabularySize">Ids that the model knows, padding included; without it as many as the file names.</param>
    /// <exception cref="ModelFormatException">The file is missing or not valid, or asks for something that is not known.</exception>
    public static BpeTokenizer Read(string path, int? vocabularySize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TokenizerJson.Read(path, vocabularySize);
    }

    /// <inheritdoc />
    public int[] Encode(string text, bool parseSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        RequireWellFormed(text);
        var ids = new List<int>(text.Length / 3);
        foreach (var (start, end, token) in Cut(text, parseSpecial ? _rawTokens : null))
        {
            Add(text[start..end], token, start == 0, parseSpecial, ids);
        }

        return [.. ids];
    }

    /// <summary>
    /// Turns text into ids, added tokens parsed except where <paramref name="guard"/> stands within their spelling; it is taken out
    /// of everything else.
    /// </summary>
    internal int[] EncodeGuarded(string text, char guard)
    {
        var ids = new List<int>(text.Length / 3);
        foreach (var (start, end, token) in Cut(text, _rawTokens))
        {
            var stretch = text[start..end];
            if (stretch.Contains(guard, StringComparison.Ordinal))
            {
                // The whole stretch is without tokens that are found in raw text; those of normalised text keep their guards.
                Add(stretch, token, start == 0, parseSpecial: false, ids, guard.ToString());
            }
            else
            {
                Add(stretch, token, start == 0, parseSpecial: true, ids);
            }
        }

        return [.. ids];
    }

    /// <inheritdoc />
    public string Decode(ReadOnlySpan<int> ids)
    {
        if (_decoding is null)
        {
            var bytes = new ArrayBufferWriter<byte>(Math.Max(1, ids.Length * 4));
            foreach (var id in ids)
            {
                bytes.Write(TokenBytes(id).Span);
            }

            return Encoding.UTF8.GetString(bytes.WrittenSpan);
        }

        var texts = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            RequireId(id);
            if (_texts[id] is { } text)
            {
                texts.Add(text);
            }
        }

        return string.Concat(_decoding.Aggregate(texts, (decoded, step) => step(decoded)));
    }

    /// <inheritdoc />
    public ReadOnlyMemory<byte> TokenBytes(int id)
    {
        RequireId(id);
        return _bytes[id];
    }

    /// <inheritdoc />
    public int? FindSpecialToken(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _specialTokens.TryGetValue(text, out var id) ? id : null;
    }

    /// <inheritdoc />
    public bool IsSpecialToken(int id)
    {
        RequireId(id);
        return _specialIds.Contains(id);
    }

    private static List<(int Start, int End, AddedToken? Token)> Cut(ReadOnlySpan<char> text, AddedTokens? tokens) =>
        tokens is { IsEmpty: false } ? tokens.Cut(text) : text.IsEmpty ? [] : [(0, text.Length, null)];

    /// <summary>Refuses text with half of a surrogate pair.</summary>
    /// <exception cref="ArgumentException">There is one.</exception>
    internal static void RequireWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                throw new ArgumentException(
                    $"position {i} has U+{(int)text[i]:X4}, half of a surrogate pair: expected well-formed UTF-16", nameof(text));
            }
        }
    }

    private void Add(string stretch, AddedToken? token, bool first, bool parseSpecial, List<int> ids, string? guard = null)
    {
        if (token is not null)
        {
            ids.Add(token.Id);
            return;
        }

        stretch = guard is null ? stretch : stretch.Replace(guard, "", StringComparison.Ordinal);
        var text = _pipeline.Normalizers.Aggregate(stretch, (normalized, step) => step(normalized));
        foreach (var (start, end, found) in Cut(text, parseSpecial ? _normalizedTokens : null))
        {
            if (found is not null)
            {
                ids.Add(found.Id);
            }
            else
            {
                AddPieces(text.AsSpan(start, end - start), first && start == 0, ids);
            }
        }
    }

    private void AddPieces(ReadOnlySpan<char> text, bool first, List<int> ids)
    {
        if (_pipeline.Mark is { } mark)
        {
            var prefix = text[0] is not ' ' && text[0] != mark &&
                (_pipeline.Prefix == MarkPrefix.Always || (_pipeline.Prefix == MarkPrefix.First && first));
            text = (prefix ? mark.ToString() : "") + text.ToString().Replace(' ', mark);
        }

        var pieces = new List<(int Offset, int Length)>();
        _pipeline.Splitter.Split(text, pieces);
        foreach (var (offset, length) in pieces)
        {
            _vocabulary.Encode(text.Slice(offset, length), ids);
        }
    }

    private void RequireId(int id)
    {
        if ((uint)id >= (uint)_texts.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(id), id, $"expected a token id from 0 to {_texts.Length - 1}");
        }
    }
}
