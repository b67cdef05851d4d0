using System.Text;

namespace O1Coder.Models;

/// <summary>
/// Makes a tokenizer from a GGUF's metadata: byte-level BPE (<c>tokenizer.ggml.model</c> gpt2, cut as <c>pre</c> says) or
/// SentencePiece's BPE (llama), whose tokens have scores instead of merges.
/// </summary>
internal static class GgufTokenizer
{
    private const string ModelKey = "tokenizer.ggml.model";
    private const string PreKey = "tokenizer.ggml.pre";
    private const string TokensKey = "tokenizer.ggml.tokens";
    private const string TypesKey = "tokenizer.ggml.token_type";
    private const string MergesKey = "tokenizer.ggml.merges";
    private const string ScoresKey = "tokenizer.ggml.scores";
    private const string SpaceKey = "tokenizer.ggml.add_space_prefix";
    private const char Mark = '\u2581';

    private static readonly Dictionary<string, (Splitter Splitter, bool IgnoreMerges)> s_splitters = new(StringComparer.Ordinal)
    {
        ["qwen2"] = (WordSplitter.Qwen, false),
        ["llama-bpe"] = (WordSplitter.Llama3, true),
        ["gpt-2"] = (ExpressionSplitter.Gpt2, false),
        ["tekken"] = (ExpressionSplitter.Tekken, true),
        ["default"] = (ExpressionSplitter.LlamaCppDefault, false),
    };

    /// <summary>Makes the tokenizer.</summary>
    public static BpeTokenizer Read(GgufMetadata metadata) => metadata.GetString(ModelKey) switch
    {
        "gpt2" => ReadByteLevel(metadata),
        "llama" => ReadScored(metadata),
        var other => throw metadata.Wrong(ModelKey, $"'{other}'", "gpt2 or llama"),
    };

    private static BpeTokenizer ReadByteLevel(GgufMetadata metadata)
    {
        var pre = metadata.GetString(PreKey);
        if (!s_splitters.TryGetValue(pre, out var splitting))
        {
            throw metadata.Wrong(PreKey, $"'{pre}'", $"one of {string.Join(", ", s_splitters.Keys)}");
        }

        var (tokens, types) = ReadTokens(metadata);
        var ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        var added = new List<AddedToken>();
        var bytes = new byte[tokens.Count][];
        var texts = new string?[tokens.Count];
        for (var id = 0; id < tokens.Count; id++)
        {
            var (token, type) = (tokens[id], types[id]);
            texts[id] = type == GgufTokenType.Unused ? null : token;
            bytes[id] = type switch
            {
                GgufTokenType.Normal => ByteLevelAlphabet.Decode(token)
                    ?? throw metadata.Wrong($"{TokensKey}[{id}]", $"'{token}'", "characters of the byte-level alphabet alone"),
                GgufTokenType.Unused => [],
                GgufTokenType.Control or GgufTokenType.UserDefined => Encoding.UTF8.GetBytes(token),
                _ => throw metadata.Wrong($"{TypesKey}[{id}]", $"{(int)type}", "1 normal, 3 control, 4 user-defined or 5 unused"),
            };
            AddToken(metadata, id, token, type, ids, added);
        }

        // Each byte must have a token of its own, or some text would have none.
        for (var value = 0; value < 256; value++)
        {
            if (ByteLevelAlphabet.Encode((byte)value) is var letter && !ids.ContainsKey(letter))
            {
                throw metadata.Wrong(TokensKey, $"without '{letter}'", $"a token for byte {value}");
            }
        }

        var vocabulary = new BpeVocabulary(ids, tokens.Count, ReadMerges(metadata, ids), byteLevel: true) { IgnoreMerges = splitting.IgnoreMerges };
        return new BpeTokenizer(vocabulary, new TextPipeline { Splitter = splitting.Splitter }, added, [], texts, bytes, null);
    }

    /// <summary>
    /// SentencePiece joins any two neighbours that make a token, the token of the highest score first. Which two make one is
    /// written out here, for each token and each place to cut it.
    /// </summary>
    private static BpeTokenizer ReadScored(GgufMetadata metadata)
    {
        var (tokens, types) = ReadTokens(metadata);
        var scores = metadata.GetSingles(ScoresKey);
        if (scores.Count != tokens.Count || scores.Any(float.IsNaN))
        {
            throw metadata.Wrong(ScoresKey, $"{scores.Count} long or has one that is no number", $"{tokens.Count} numbers, one a token");
        }

        var ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        var added = new List<AddedToken>();
        var bytes = new byte[tokens.Count][];
        var texts = new string?[tokens.Count];
        int? unknown = null;
        for (var id = 0; id < tokens.Count; id++)
        {
            var (token, type) = (tokens[id], types[id]);
            texts[id] = type == GgufTokenType.Unused ? null : token;
            bytes[id] = type switch
            {
                GgufTokenType.Normal => Encoding.UTF8.GetBytes(token.Replace(Mark, ' ')),
                GgufTokenType.Unused => [],
                GgufTokenType.Byte => [DecodingSteps.ByteOf(token) ?? throw metadata.Wrong($"{TokensKey}[{id}]", $"'{token}'", "a byte such as <0x0A>")],
                GgufTokenType.Control or GgufTokenType.UserDefined or GgufTokenType.Unknown => Encoding.UTF8.GetBytes(token),
                _ => throw metadata.Wrong($"{TypesKey}[{id}]", $"{(int)type}", "a type from 1 to 6"),
            };
            unknown = type == GgufTokenType.Unknown ? id : unknown;
            AddToken(metadata, id, token, type, ids, added);
        }

        var splitter = CanCutBeforeMarks(ids.Keys) ? (Splitter)new MarkSplitter(Mark, everyMark: false) : new WholeSplitter();
        var merges = MergesByScore(ids, tokens.Count, scores);
        var vocabulary = new BpeVocabulary(ids, tokens.Count, merges, byteLevel: false) { ByteFallback = true, Unknown = unknown };
        var prefix = !metadata.Contains(SpaceKey) || metadata.GetBoolean(SpaceKey);
        var replace = DecodingSteps.Replace(Mark.ToString(), " ");
        var pipeline = new TextPipeline
        {
            Normalizers = [text => ((prefix ? " " : "") + text).Replace(' ', Mark)],
            Splitter = splitter,
        };
        List<Func<List<string>, List<string>>> decoding = [replace, DecodingSteps.ByteFallback, DecodingSteps.Fuse];
        if (prefix)
        {
            decoding.Add(DecodingSteps.Strip(' ', 1, 0));
        }

        return new BpeTokenizer(vocabulary, pipeline, added, [], texts, bytes, decoding);
    }

    /// <summary>Whether no token has a mark after another character: then nothing is ever merged over a word's beginning.</summary>
    internal static bool CanCutBeforeMarks(IEnumerable<string> tokens) =>
        tokens.All(token => token.AsSpan().TrimStart(Mark).IndexOf(Mark) < 0);

    private static (IReadOnlyList<string> Tokens, GgufTokenType[] Types) ReadTokens(GgufMetadata metadata)
    {
        var tokens = metadata.GetStrings(TokensKey);
        var types = metadata.GetInt32s(TypesKey);
        return types.Count == tokens.Count
            ? (tokens, [.. types.Select(type => (GgufTokenType)type)])
            : throw metadata.Wrong(TypesKey, $"{types.Count} long", $"{tokens.Count}, one a token");
    }

    private static void AddToken(
        GgufMetadata metadata, int id, string token, GgufTokenType type, Dictionary<string, int> ids, List<AddedToken> added)
    {
        if (type == GgufTokenType.Unused)
        {
            return;
        }

        var plain = type is GgufTokenType.Normal or GgufTokenType.Byte;
        if (token.Length == 0 || (plain ? !ids.TryAdd(token, id) : added.Exists(other => other.Content == token)))
        {
            throw metadata.Wrong($"{TokensKey}[{id}]", $"'{token}'", "a text that no other token has, not empty");
        }

        if (!plain)
        {
            added.Add(new AddedToken(id, token) { Control = type != GgufTokenType.UserDefined });
        }
    }

    private static Dictionary<ulong, ulong> ReadMerges(GgufMetadata metadata, Dictionary<string, int> ids)
    {
        var merges = metadata.GetStrings(MergesKey);
        var ranks = new Dictionary<ulong, ulong>(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var merge = merges[rank];
            var space = merge.IndexOf(' ', StringComparison.Ordinal);
            if (space <= 0 || merge.LastIndexOf(' ') != space ||
                !ids.TryGetValue(merge[..space], out var left) ||
                !ids.TryGetValue(merge[(space + 1)..], out var right) ||
                !ids.TryGetValue(merge.Remove(space, 1), out var merged) ||
                !ranks.TryAdd(PieceMerger.Pack(left, right), PieceMerger.Pack(rank, merged)))
            {
                throw metadata.Wrong($"{MergesKey}[{rank}]", $"'{merge}'",
                    "two tokens with one space between that make a third, each pair once");
            }
        }

        return ranks;
    }

    private static Dictionary<ulong, ulong> MergesByScore(Dictionary<string, int> ids, int tokens, IReadOnlyList<float> scores)
    {
        // Tokens of one score have one rank: of them the leftmost pair is first.
        var ordered = ids.Where(entry => DecodingSteps.ByteOf(entry.Key) is null).OrderByDescending(entry => scores[entry.Value]).ToList();
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var next = tokens;
        foreach (var (token, _) in ordered)
        {
            foreach (var rune in token.EnumerateRunes())
            {
                next += ids.TryAdd(rune.ToString(), next) ? 1 : 0;
            }
        }

        var merges = new Dictionary<ulong, ulong>();
        var rank = 0;
        for (var i = 0; i < ordered.Count; i++)
        {
            var (token, id) = ordered[i];
            rank += i > 0 && scores[id] != scores[ordered[i - 1].Value] ? 1 : 0;
            for (var cut = 1; cut < token.Length; cut++)
            {
                if (!char.IsLowSurrogate(token[cut]) && lookup.TryGetValue(token.AsSpan(0, cut), out var left) &&
                    lookup.TryGetValue(token.AsSpan(cut), out var right))
                {
                    merges[PieceMerger.Pack(left, right)] = PieceMerger.Pack(rank, id);
                }
            }
        }

        return merges;
    }
}
