using System.Text.Json;
using System.Text.Json.Nodes;

namespace O1Coder.Models.Tests;

/// <summary>tokenizer.json files of every known kind against what Hugging Face's tokenizers make of the same files.</summary>
public sealed class TokenizerJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("qwen")]
    [InlineData("llama3")]
    [InlineData("tekken")]
    [InlineData("gpt2")]
    [InlineData("llama2")]
    [InlineData("mistral")]
    [InlineData("metaspace")]
    public void Ids_and_texts_are_Hugging_Faces(string name)
    {
        var tokenizer = BpeTokenizer.Read(Data($"{name}.tokenizer.json"));
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Data($"{name}.cases.json")));
        Assert.All(expected.RootElement.GetProperty("cases").EnumerateArray(), example =>
        {
            var ids = tokenizer.Encode(example.GetProperty("text").GetString()!, parseSpecial: true);
            Assert.Equal(Ids(example), ids);
            Assert.Equal(example.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
        });
        Assert.All(expected.RootElement.GetProperty("decodes").EnumerateArray(), example =>
            Assert.Equal(example.GetProperty("decoded").GetString(), tokenizer.Decode(Ids(example))));
    }

    [Fact]
    public void A_GGUF_files_scores_give_the_ids_of_the_merges()
    {
        // The vocabulary of llama2.tokenizer.json as llama.cpp's converter writes it; the text is the same word for word.
        var vocabulary = JsonNode.Parse(File.ReadAllText(Data("llama2.tokenizer.json")))!["model"]!["vocab"]!.AsObject()
            .OrderBy(entry => (int)entry.Value!).Select(entry => entry.Key).ToArray();
        var writer = new GgufWriter()
            .With("tokenizer.ggml.model", "llama")
            .With("tokenizer.ggml.tokens", vocabulary)
            .With("tokenizer.ggml.scores", vocabulary.Select((_, id) => (float)-id).ToArray())
            .With("tokenizer.ggml.token_type", vocabulary.Select((_, id) => id == 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1).ToArray());
        using var file = GgufFile.Open(_folder.Write("scores.gguf", writer.ToBytes()));
        var tokenizer = BpeTokenizer.Read(file.Metadata);
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Data("llama2.cases.json")));
        Assert.All(expected.RootElement.GetProperty("cases").EnumerateArray(), example =>
        {
            var ids = tokenizer.Encode(example.GetProperty("text").GetString()!, parseSpecial: true);
            Assert.Equal(Ids(example), ids);
            Assert.Equal(example.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
        });
        Assert.Equal([0x0A], tokenizer.TokenBytes(3 + 0x0A).ToArray());
        Assert.Equal(" t"u8.ToArray(), tokenizer.TokenBytes(Array.IndexOf(vocabulary, "▁t")).ToArray());
    }

    [Theory]
    [InlineData("llama-bpe", "llama3")]
    [InlineData("gpt-2", "gpt2")]
    [InlineData("tekken", "tekken")]
    public void A_GGUF_files_merges_give_the_same_ids(string pre, string name)
    {
        var json = JsonNode.Parse(File.ReadAllText(Data($"{name}.tokenizer.json")))!;
        var tokens = json["model"]!["vocab"]!.AsObject().OrderBy(entry => (int)entry.Value!).Select(entry => entry.Key).ToList();
        var normal = tokens.Count;
        tokens.AddRange(json["added_tokens"]!.AsArray().Select(token => (string)token!["content"]!));
        var writer = new GgufWriter()
            .With("tokenizer.ggml.model", "gpt2")
            .With("tokenizer.ggml.pre", pre)
            .With("tokenizer.ggml.tokens", tokens.ToArray())
            .With("tokenizer.ggml.token_type", tokens.Select((_, id) => id < normal ? 1 : 3).ToArray())
            .With("tokenizer.ggml.merges", json["model"]!["merges"]!.AsArray().Select(merge => $"{merge![0]} {merge[1]}").ToArray());
        using var file = GgufFile.Open(_folder.Write("merges.gguf", writer.ToBytes()));
        var tokenizer = BpeTokenizer.Read(file.Metadata);
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Data($"{name}.cases.json")));
        Assert.All(expected.RootElement.GetProperty("cases").EnumerateArray(), example =>
            Assert.Equal(Ids(example), tokenizer.Encode(example.GetProperty("text").GetString()!, parseSpecial: true)));
    }

    [Theory]
    [InlineData("ab1234.5", "ab|123|4|.|5")]
    [InlineData("it's  $x<=3", "it|'|s|  |$|x|<=|3")]
    [InlineData("\U00020000a \U0001D7D8", "\U00020000a| |\U0001D7D8")]
    public void Llama_cpps_default_cuts_by_one_expression_after_the_other(string text, string expected)
    {
        var pieces = new List<(int Offset, int Length)>();
        ExpressionSplitter.LlamaCppDefault.Split(text, pieces);
        Assert.Equal(expected, string.Join('|', pieces.Select(piece => text.Substring(piece.Offset, piece.Length))));
    }

    [Fact]
    public void Padding_of_the_embedding_counts_and_is_no_text()
    {
        var tokenizer = BpeTokenizer.Read(Data("llama3.tokenizer.json"), 1000);
        Assert.Equal(1000, tokenizer.VocabularySize);
        Assert.Empty(tokenizer.TokenBytes(999).ToArray());
        Assert.Equal("", tokenizer.Decode([999]));
        Assert.Contains("expected an id below 300", Assert.Throws<ModelFormatException>(
            () => BpeTokenizer.Read(Data("metaspace.tokenizer.json"), 300)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$.model.type", "\"Unigram\"", "model.type is \"Unigram\": expected BPE")]
    [InlineData("$.model.dropout", "0.1", "model.dropout is 0.1: expected nothing")]
    [InlineData("$.model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix is \"</w>\"")]
    [InlineData("$.model.unk_token", "\"gone\"", "model.unk_token is \"gone\": expected a token")]
    [InlineData("$.model.merges", "[\"a\"]", "model.merges[0] is \"a\": expected two tokens that make a third")]
    [InlineData("$.model.vocab", "{\"a\":0,\"b\":0}", "model.vocab['b'] is 0")]
    [InlineData("$.model.vocab", "{\"a\":-1}", "model.vocab['a'] is -1")]
    [InlineData("$.normalizer", "{\"type\":\"NFKC\"}", "normalizer.type is \"NFKC\": expected NFC, Prepend, Replace")]
    [InlineData("$.normalizer", "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"a\"},\"content\":\"b\"}", "normalizer.pattern.String is missing")]
    [InlineData("$.pre_tokenizer", "{\"type\":\"Whitespace\"}", "pre_tokenizer.type is \"Whitespace\"")]
    [InlineData("$.pre_tokenizer", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a+)+$\"},\"behavior\":\"Isolated\"}", "pre_tokenizer.pattern.Regex is \"(a\\u002B)\\u002B$\": expected that of Qwen2")]
    [InlineData("$.pre_tokenizer", "{\"type\":\"ByteLevel\",\"add_prefix_space\":true}", "pre_tokenizer.add_prefix_space is true")]
    [InlineData("$.decoder", "{\"type\":\"CTC\"}", "decoder.type is \"CTC\"")]
    [InlineData("$.added_tokens", "[{\"id\":0,\"content\":\"\"}]", "added_tokens[0].content is \"\"")]
    [InlineData("$.added_tokens", "[{\"id\":-4,\"content\":\"a\"}]", "added_tokens[0].id is -4")]
    [InlineData("$.added_tokens", "[{\"id\":4,\"content\":\"\\ud800\"}]", "text that is no Unicode")]
    public void What_is_not_known_is_told(string path, string value, string message)
    {
        var json = JsonNode.Parse(File.ReadAllText(Data("qwen.tokenizer.json")))!;
        var names = path.Split('.')[1..];
        var parent = names.Length == 1 ? json : json[names[0]]!;
        parent[names[^1]] = "REPLACED";
        var text = json.ToJsonString().Replace("\"REPLACED\"", value, StringComparison.Ordinal);
        var error = Assert.Throws<ModelFormatException>(() => BpeTokenizer.Read(_folder.Write("tokenizer.json", text)));
        Assert.Contains("tokenizer.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(message.Replace("\\u002B", "+", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen")]
    [InlineData("mistral")]
    public void A_file_that_is_cut_off_or_changed_is_refused_or_read(string name)
    {
        var valid = File.ReadAllBytes(Data($"{name}.tokenizer.json"));
        var random = new Random(17);
        var refused = 0;
        for (var round = 0; round < 200; round++)
        {
            var bytes = round % 4 == 0 ? valid[..random.Next(valid.Length)] : (byte[])valid.Clone();
            for (var changes = round % 4 == 0 ? 0 : random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(random.Next(2) == 0 ? Math.Min(1500, bytes.Length) : bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                var tokenizer = BpeTokenizer.Read(_folder.Write("tokenizer.json", bytes));
                tokenizer.Decode(tokenizer.Encode("def f(x): <s> é", parseSpecial: true));
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 50, 199);
    }

    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\u0344x", "\u0308\u0301x")]
    public void Texts_are_composed_as_Unicode_says(string text, string expected) =>
        Assert.Equal(expected, CanonicalComposition.Compose(text));

    public void Dispose() => _folder.Dispose();

    private static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "data", "tokenizers", name);

    private static int[] Ids(JsonElement example) => [.. example.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
}
