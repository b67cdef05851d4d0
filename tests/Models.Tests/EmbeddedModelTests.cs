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
    public void A_long_piece_is_merged_as_a_short_one_and_in_no_quadratic_time()
    {
        using var file = GgufFile.Open(s_first);
        var tokens = file.Metadata.GetStrings("tokenizer.ggml.tokens");
        var ids = Enumerable.Range(0, tokens.Count).DistinctBy(id => tokens[id]).ToDictionary(id => tokens[id]);
        var merges = new Dictionary<ulong, ulong>();
        foreach (var (rank, merge) in file.Metadata.GetStrings("tokenizer.ggml.merges").Index())
        {
            var parts = merge.Split(' ');
            merges.Add(PieceMerger.Pack(ids[parts[0]], ids[parts[1]]), PieceMerger.Pack(rank, ids[parts[0] + parts[1]]));
        }

        var merger = new PieceMerger(merges);
        var random = new Random(3);
        for (var round = 0; round < 300; round++)
        {
            int[] symbols = [.. Enumerable.Range(0, random.Next(1, 41)).Select(_ => ids["etaoinsr"[random.Next(8)].ToString()])];
            int[] other = [.. symbols];
            Assert.Equal(symbols[..merger.Merge(symbols)], other[..merger.MergeByQueue(other)]);
        }

        // Quadratic time would be minutes; the test's own limit ends it then.
        var tokenizer = BpeTokenizer.Read(file.Metadata);
        Assert.Equal(300_000, tokenizer.Encode(new string('字', 300_000), parseSpecial: false).Length);
    }

    [Fact]
    public void A_long_text_gets_the_tokens_of_its_pieces()
    {
        using var file = GgufFile.Open(s_first);
        var tokenizer = BpeTokenizer.Read(file.Metadata);
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
