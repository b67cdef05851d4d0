using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace O1Coder.Models;

/// <summary>
/// Byte-level BPE from a GGUF's own tokens, types and merges (<c>tokenizer.ggml.model</c> gpt2, <c>pre</c> qwen2). The
/// merging is Microsoft.ML.Tokenizers' (of very long pieces <see cref="PieceMerger"/>'s); neither sees special tokens,
/// which are cut out of the text before.
/// </summary>
public sealed class ByteLevelTokenizer : ITokenizer
{
    /// <summary>UTF-16 units from which a piece is too long for an algorithm of quadratic time.</summary>
    private const int LongPiece = 1024;

    private const string ModelKey = "tokenizer.ggml.model";
    private const string PreKey = "tokenizer.ggml.pre";
    private const string TokensKey = "tokenizer.ggml.tokens";
    private const string TypesKey = "tokenizer.ggml.token_type";
    private const string MergesKey = "tokenizer.ggml.merges";

    private readonly BpeTokenizer _bpe;
    private readonly PieceMerger _merger;
    private readonly Dictionary<string, int> _specialTokens;
    private readonly SearchValues<string> _specialTexts;
    private readonly string[] _specialTextsLongestFirst;
    private readonly HashSet<int> _specialIds;
    private readonly byte[][] _bytes;

    private ByteLevelTokenizer(BpeTokenizer bpe, PieceMerger merger, Dictionary<string, int> specialTokens, byte[][] bytes)
    {
        _bpe = bpe;
        _merger = merger;
        _specialTokens = specialTokens;
        _specialTexts = SearchValues.Create([.. specialTokens.Keys], StringComparison.Ordinal);
        _specialTextsLongestFirst = [.. specialTokens.Keys.OrderByDescending(text => text.Length)];
        _specialIds = [.. specialTokens.Values];
        _bytes = bytes;
    }

    /// <inheritdoc />
    public int VocabularySize => _bytes.Length;

    /// <summary>Makes the tokenizer that a model's metadata describes.</summary>
    /// <exception cref="ModelFormatException">
    /// A key is missing, the kind of tokenizer is not known, or tokens, types and merges do not fit together.
    /// </exception>
    public static ByteLevelTokenizer Create(GgufMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        RequireKind(metadata, ModelKey, "gpt2");
        RequireKind(metadata, PreKey, "qwen2");
        var tokens = metadata.GetStrings(TokensKey);
        var types = metadata.GetInt32s(TypesKey);
        if (types.Count != tokens.Count)
        {
            throw metadata.Wrong(TypesKey, $"{types.Count} long", $"{tokens.Count}, one a token");
        }

        var vocabulary = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        var specialTokens = new Dictionary<string, int>(StringComparer.Ordinal);
        var bytes = new byte[tokens.Count][];
        for (var id = 0; id < tokens.Count; id++)
        {
            var token = tokens[id];
            var type = (GgufTokenType)types[id];
            bytes[id] = type switch
            {
                GgufTokenType.Normal => ByteLevelAlphabet.Decode(token)
                    ?? throw metadata.Wrong($"{TokensKey}[{id}]", $"'{token}'", "characters of the byte-level alphabet alone"),
                GgufTokenType.Unused => [],
                GgufTokenType.Control or GgufTokenType.UserDefined => Encoding.UTF8.GetBytes(token),
                _ => throw metadata.Wrong($"{TypesKey}[{id}]", $"{(int)type}", "1 normal, 3 control, 4 user-defined or 5 unused"),
            };
            var kind = type == GgufTokenType.Normal ? vocabulary : specialTokens;
            if (type != GgufTokenType.Unused && (token.Length == 0 || !kind.TryAdd(token, id)))
            {
                throw metadata.Wrong($"{TokensKey}[{id}]", $"'{token}'", "a text that no other token has, not empty");
            }
        }

        var merger = CreateMerger(metadata, vocabulary);
        var bpe = BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = metadata.GetStrings(MergesKey),
            ByteLevel = true,
            PreTokenizer = QwenPreTokenizer.Instance,
        });
        return new ByteLevelTokenizer(bpe, merger, specialTokens, bytes);
    }

    /// <inheritdoc />
    public int[] Encode(string text, bool parseSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        RequireWellFormed(text);
        var ids = new List<int>(text.Length / 3);
        var rest = text.AsSpan();
        while (parseSpecial && rest.IndexOfAny(_specialTexts) is >= 0 and var start)
        {
            AddPlain(rest[..start], ids);
            var special = LongestSpecialAt(rest[start..]);
            ids.Add(_specialTokens[special]);
            rest = rest[(start + special.Length)..];
        }

        AddPlain(rest, ids);
        return [.. ids];
    }

    /// <inheritdoc />
    public string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(1, ids.Length * 4));
        foreach (var id in ids)
        {
            bytes.Write(TokenBytes(id).Span);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
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

    private static void RequireKind(GgufMetadata metadata, string key, string known)
    {
        if (metadata.GetString(key) is var kind && kind != known)
        {
            throw metadata.Wrong(key, $"'{kind}'", $"{known}, the only one that is known");
        }
    }

    private static PieceMerger CreateMerger(GgufMetadata metadata, Dictionary<string, int> vocabulary)
    {
        // Each byte must have a token of its own, or some text would have none.
        var byteTokens = new int[256];
        for (var value = 0; value < byteTokens.Length; value++)
        {
            var letter = ByteLevelAlphabet.Encode((byte)value);
            if (!vocabulary.TryGetValue(letter, out byteTokens[value]))
            {
                throw metadata.Wrong(TokensKey, $"without '{letter}'", $"a token for byte {value}");
            }
        }

        var merges = metadata.GetStrings(MergesKey);
        var ranks = new Dictionary<(int, int), (int, int)>(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var merge = merges[rank];
            var space = merge.IndexOf(' ', StringComparison.Ordinal);
            if (space <= 0 || merge.LastIndexOf(' ') != space ||
                !vocabulary.TryGetValue(merge[..space], out var left) ||
                !vocabulary.TryGetValue(merge[(space + 1)..], out var right) ||
                !vocabulary.TryGetValue(merge.Remove(space, 1), out var merged) ||
                !ranks.TryAdd((left, right), (rank, merged)))
            {
                throw metadata.Wrong($"{MergesKey}[{rank}]", $"'{merge}'",
                    "two tokens with one space between that make a third, each pair once");
            }
        }

        return new PieceMerger(ranks, byteTokens);
    }

    private static void RequireWellFormed(string text)
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

    private void AddPlain(ReadOnlySpan<char> text, List<int> ids)
    {
        if (text.Length < LongPiece)
        {
            ids.AddRange(text.IsEmpty ? [] : _bpe.EncodeToIds(text));
            return;
        }

        foreach (var (offset, length) in QwenPreTokenizer.Instance.PreTokenize(text))
        {
            var piece = text.Slice(offset, length);
            ids.AddRange(length < LongPiece ? _bpe.EncodeToIds(piece, considerPreTokenization: false) : EncodeLongPiece(piece));
        }
    }

    /// <summary>Encodes a piece of any length; <see cref="Encode"/> uses it for those from <see cref="LongPiece"/> on.</summary>
    internal List<int> EncodeLongPiece(ReadOnlySpan<char> piece) => _merger.Encode(piece);

    private string LongestSpecialAt(ReadOnlySpan<char> text)
    {
        foreach (var special in _specialTextsLongestFirst)
        {
            if (text.StartsWith(special, StringComparison.Ordinal))
            {
                return special;
            }
        }

        throw new InvalidOperationException("a special token was found where none is");
    }

    private void RequireId(int id)
    {
        if ((uint)id >= (uint)_bytes.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(id), id, $"expected a token id from 0 to {_bytes.Length - 1}");
        }
    }
}
