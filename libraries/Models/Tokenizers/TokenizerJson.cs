using System.Text;
using System.Text.Json;

namespace O1Coder.Models;

/// <summary>
/// Reads tokenizer.json of Hugging Face's tokenizers: the model (BPE), added tokens, and by <see cref="TokenizerJsonSteps"/> what
/// happens before and after. What it says of texts' ends, truncation and padding is not looked at: ids are those of the text alone.
/// </summary>
internal static class TokenizerJson
{
    private const int LongestToken = 1 << 16;

    /// <summary>Reads a file.</summary>
    public static BpeTokenizer Read(string path, int? vocabularySize)
    {
        using var document = JsonFile.Read(path);
        var root = new JsonFields(path, document.RootElement);
        var model = root.Object("model");
        RefuseUnknown(model);
        var ids = ReadVocabulary(model);
        var most = vocabularySize ?? (1 << 24);
        var added = ReadAdded(path, document.RootElement, most);
        var size = vocabularySize ?? ids.Values.Concat(added.Select(entry => entry.Token.Id)).DefaultIfEmpty(-1).Max() + 1;
        if (ids.FirstOrDefault(entry => entry.Value >= size) is { Key: { } beyond } entry)
        {
            throw new ModelFormatException(path, $"model.vocab['{beyond}']", $"{entry.Value}", $"an id below {size}, the model's vocabulary");
        }

        var (pipeline, byteLevel) = TokenizerJsonSteps.ReadPipeline(root);
        var decoding = TokenizerJsonSteps.ReadDecoder(root);
        if (pipeline.Splitter is WholeSplitter && !byteLevel && GgufTokenizer.CanCutBeforeMarks(ids.Keys))
        {
            pipeline = pipeline with { Splitter = new MarkSplitter(TokenizerJsonSteps.Mark, everyMark: false) };
        }

        var texts = new string?[size];
        var bytes = new byte[size][];
        Array.Fill(bytes, []);
        foreach (var (token, id) in ids.Select(item => (item.Key, item.Value)).Concat(added.Select(item => (item.Token.Content, item.Token.Id))))
        {
            texts[id] = token;
            bytes[id] = byteLevel || decoding is null ? DecodingSteps.ByteLevelBytes(token)
                : DecodingSteps.ByteOf(token) is { } value ? [value]
                : Encoding.UTF8.GetBytes(token.Replace(TokenizerJsonSteps.Mark, ' '));
        }

        var vocabulary = new BpeVocabulary(ids, size, ReadMerges(path, model, ids), byteLevel)
        {
            IgnoreMerges = model.Flag("ignore_merges", false),
            ByteFallback = model.Flag("byte_fallback", false),
            FuseUnknown = model.Flag("fuse_unk", false),
            Unknown = model.Has("unk_token")
                ? ids.TryGetValue(model.Text("unk_token"), out var unknown) ? unknown : throw model.Wrong("unk_token", "a token of the vocabulary")
                : null,
        };
        return new BpeTokenizer(
            vocabulary, pipeline, [.. added.Where(item => !item.Normalized).Select(item => item.Token)],
            [.. added.Where(item => item.Normalized).Select(item => Normalize(item.Token, pipeline)).Where(token => token.Content.Length > 0)],
            texts, bytes, decoding);
    }

    private static AddedToken Normalize(AddedToken token, TextPipeline pipeline) =>
        token with { Content = pipeline.Normalizers.Aggregate(token.Content, (text, step) => step(text)) };

    private static void RefuseUnknown(JsonFields model)
    {
        // Old files have no type; what they have then are merges.
        if (model.Text("type", "BPE") != "BPE")
        {
            throw model.Wrong("type", "BPE, the only one that is known");
        }

        foreach (var name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (model.Says(name))
            {
                throw model.Wrong(name, "nothing: it is not known");
            }
        }

        if (model.Has("dropout") && model.Raw("dropout") is not ("0" or "0.0"))
        {
            throw model.Wrong("dropout", "nothing: the same text has always the same ids");
        }
    }

    private static Dictionary<string, int> ReadVocabulary(JsonFields model)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new HashSet<int>();
        foreach (var (token, value) in model.Entries("vocab"))
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var id) || id is < 0 or >= 1 << 24 ||
                token.Length is 0 or > LongestToken || !ids.TryAdd(token, id) || !seen.Add(id))
            {
                throw model.Wrong($"vocab['{(token.Length > 40 ? token[..40] + "…" : token)}']", value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.ValueKind.ToString(),
                    "an id from 0 to 16777215, each token and each id once");
            }
        }

        return ids;
    }

    /// <summary>Merges are <c>"a b"</c> or, in newer files, <c>["a", "b"]</c>; of a pair that is there twice the last counts.</summary>
    private static Dictionary<ulong, ulong> ReadMerges(string path, JsonFields model, Dictionary<string, int> ids)
    {
        var merges = new Dictionary<ulong, ulong>();
        var rank = 0;
        foreach (var merge in model.Items("merges"))
        {
            var (left, right) = merge.ValueKind switch
            {
                JsonValueKind.String when merge.GetString()!.Split(' ') is [var first, var second] => (first, second),
                JsonValueKind.Array when merge.GetArrayLength() == 2 && merge.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String) =>
                    (merge[0].GetString()!, merge[1].GetString()!),
                _ => ("", ""),
            };
            if (!ids.TryGetValue(left, out var leftId) || !ids.TryGetValue(right, out var rightId) || !ids.TryGetValue(left + right, out var merged))
            {
                var raw = merge.GetRawText();
                throw new ModelFormatException(path, $"model.merges[{rank}]", raw.Length > 80 ? raw[..80] + "…" : raw, "two tokens that make a third");
            }

            merges[PieceMerger.Pack(leftId, rightId)] = PieceMerger.Pack(rank++, merged);
        }

        return merges;
    }

    private static List<(AddedToken Token, bool Normalized)> ReadAdded(string path, JsonElement root, int vocabularySize)
    {
        var added = new List<(AddedToken Token, bool Normalized)>();
        foreach (var item in new JsonFields(path, root).Items("added_tokens"))
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw new ModelFormatException(path, $"added_tokens[{added.Count}]", $"of kind {item.ValueKind}", "an object");
            }

            var fields = new JsonFields(path, item, $"added_tokens[{added.Count}].");
            var content = fields.Text("content");
            if (content.Length is 0 or > LongestToken)
            {
                throw fields.Wrong("content", "a text, not empty");
            }

            var special = fields.Flag("special", false);
            added.Add((new AddedToken(fields.Number("id", 0, vocabularySize - 1), content)
            {
                Control = special,
                TakesLeft = fields.Flag("lstrip", false),
                TakesRight = fields.Flag("rstrip", false),
                SingleWord = fields.Flag("single_word", false),
            }, fields.Flag("normalized", !special)));
        }

        return added;
    }
}
