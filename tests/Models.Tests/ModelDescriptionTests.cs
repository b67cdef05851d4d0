namespace O1Coder.Models.Tests;

public sealed class ModelDescriptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void An_untied_head_is_seen_and_checked()
    {
        Assert.True(Read(TinyModel.Writer()).TiedEmbedding);
        Assert.False(Read(TinyModel.Writer().WithFloats("output.weight", 1, 8, 262)).TiedEmbedding);
        Refused("shape of tensor 'output.weight' is [261, 8]: expected [262, 8]", TinyModel.Writer().WithFloats("output.weight", 1, 8, 261));
    }

    [Fact]
    public void A_turn_ends_with_the_named_token_and_those_known_by_their_text()
    {
        Assert.Equal([259], Read(TinyModel.Writer()).EndOfTurnTokens);
        Assert.Equal([258, 259], Read(With("tokenizer.ggml.eos_token_id", 258u)).EndOfTurnTokens);
    }

    [Fact]
    public void What_does_not_fit_together_is_told()
    {
        Refused("general.architecture is 'gemma': expected one of qwen2, llama, qwen3", With("general.architecture", "gemma"));
        Refused("qwen2.block_count is 0: expected an integer from 1", With("qwen2.block_count", 0u));
        Refused("tensor 'blk.1.attn_norm.weight' is missing", With("qwen2.block_count", 2u));
        Refused("tensor 'blk.0.ffn_up.weight' is missing", TinyModel.Writer().WithoutTensor("blk.0.ffn_up.weight"));
        Refused("qwen2.attention.head_count_kv is 2: expected a divisor of the 3 heads",
            With("qwen2.attention.head_count", 3u).Without("qwen2.attention.head_count_kv").With("qwen2.attention.head_count_kv", 2u));
        Refused("head size is 1: expected an even number", With("qwen2.attention.key_length", 1u));
        Refused("shape of tensor 'blk.0.attn_q.weight' is [8, 8]: expected [16, 8]", With("qwen2.attention.key_length", 8u));
        Refused("qwen2.rope.dimension_count is 2: expected 4, the head size", With("qwen2.rope.dimension_count", 2u));
        Refused("qwen2.rope.scaling.type is 'yarn': expected none", With("qwen2.rope.scaling.type", "yarn"));
        Refused("qwen2.rope.freq_base is -1: expected a positive number", With("qwen2.rope.freq_base", -1f));
        Refused("tokenizer.ggml.eos_token_id is 262: expected an integer from 0 to 261", With("tokenizer.ggml.eos_token_id", 262u));
    }

    public void Dispose() => _folder.Dispose();

    private static GgufWriter With(string key, object value) => TinyModel.Writer().Without(key).With(key, value);

    private void Refused(string message, GgufWriter writer) =>
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => Read(writer)).Message, StringComparison.Ordinal);

    private ModelDescription Read(GgufWriter writer)
    {
        using var file = GgufFile.Open(_folder.Write("description.gguf", writer.ToBytes()));
        return ModelDescription.Read(file);
    }
}
