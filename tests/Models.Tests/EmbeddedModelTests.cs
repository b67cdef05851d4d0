using System.Diagnostics;

namespace O1Coder.Models.Tests;

public sealed class EmbeddedModelTests
{
    private static readonly string s_first =
        Path.Combine(Repository.EmbeddedModel, "qwen2.5-coder-0.5b-instruct-q4_0-00001-of-00003.gguf");

    [Fact]
    public void Its_description_is_what_its_notice_says()
    {
        using var file = GgufFile.Open(s_first);
        var description = ModelDescription.Read(file);

        Assert.Equal("qwen2", description.Architecture);
        Assert.Equal(24, description.Layers);
        Assert.Equal(896, description.HiddenSize);
        Assert.Equal(14, description.Heads);
        Assert.Equal(2, description.KeyValueHeads);
        Assert.Equal(64, description.HeadSize);
        Assert.Equal(4864, description.FeedForwardSize);
        Assert.Equal(151_936, description.VocabularySize);
        Assert.Equal(32_768, description.ContextLength);
        Assert.Equal(1e6f, description.RopeBase);
        Assert.Equal(1e-6f, description.RmsEpsilon);
        Assert.True(description.TiedEmbedding);
        Assert.Equal([151_643, 151_645], description.EndOfTurnTokens);
    }

    [Fact]
    public void A_long_piece_gets_the_same_tokens_as_a_short_one_and_takes_no_quadratic_time()
    {
        using var file = GgufFile.Open(s_first);
        var tokenizer = ByteLevelTokenizer.Create(file.Metadata);
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            // Letters alone are one piece.
            string[] letters = round % 2 == 0 ? ["e", "t", "a", "o", "i", "n", "s", "r"] : ["字", "é", "漢", "a", "한", "ß", "я", "\U00020000"];
            var piece = string.Concat(Enumerable.Range(0, random.Next(1, 200)).Select(_ => letters[random.Next(letters.Length)]));
            Assert.Equal(tokenizer.Encode(piece, parseSpecial: false), tokenizer.EncodeLongPiece(piece));
        }

        var watch = Stopwatch.StartNew();
        Assert.Equal(300_000, tokenizer.Encode(new string('字', 300_000), parseSpecial: false).Length);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void A_long_text_gets_the_tokens_of_its_pieces()
    {
        using var file = GgufFile.Open(s_first);
        var tokenizer = ByteLevelTokenizer.Create(file.Metadata);
        const string Line = "    def f(x):  # it's 12 naïve 字\n";
        var line = tokenizer.Encode(Line, parseSpecial: false);

        var text = tokenizer.Encode(string.Concat(Enumerable.Repeat(Line, 100)), parseSpecial: false);

        Assert.Equal(Enumerable.Repeat(line, 100).SelectMany(ids => ids), text);
    }

    [Fact]
    public void Its_tensors_are_all_there_and_readable()
    {
        using var file = GgufFile.Open(s_first);

        Assert.Equal(290, file.Tensors.Count);
        var embedding = file.GetTensor("token_embd.weight");
        Assert.Equal([151_936, 896], embedding.Shape);
        Assert.Equal(GgufTensorType.Q4_0, embedding.Type);
        Assert.Equal(896 / 32 * 18, embedding.RowBytes);
        Assert.Equal(embedding.RowBytes * embedding.Rows, embedding.ByteLength);

        var row = new float[896];
        embedding.DequantizeRow(151_935, row);
        Assert.All(row, value => Assert.InRange(value, -1f, 1f));
        Assert.Contains(row, value => value != 0);

        var norm = file.GetTensor("output_norm.weight").ToFloats();
        Assert.Equal(896, norm.Length);
        Assert.All(norm, value => Assert.InRange(value, -100f, 100f));
    }
}
