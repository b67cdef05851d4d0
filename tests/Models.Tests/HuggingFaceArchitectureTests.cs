namespace O1Coder.Models.Tests;

public sealed class HuggingFaceArchitectureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Qwen3_has_norms_for_queries_and_keys_and_no_bias()
    {
        using var weights = HuggingFaceFolder.Open(TinyFolder.Write(Path.Combine(_folder.Path, "qwen3"), "qwen3"));
        Assert.Equal((true, false, 16), (weights.Description.QueryKeyNorm, weights.Description.QkvBias, weights.Description.HeadSize));
        Assert.Equal([16L], weights.Shape("model.layers.1.self_attn.q_norm.weight"));
        Assert.Equal([16L], weights.Shape("model.layers.1.self_attn.k_norm.weight"));
        Assert.Throws<ModelFormatException>(() => weights.Shape("model.layers.1.self_attn.q_proj.bias"));
    }

    [Fact]
    public void Qwen3s_heads_are_128_wide_where_the_config_does_not_say()
    {
        var folder = TinyFolder.Write(Path.Combine(_folder.Path, "qwen3"), "qwen3", config => config.Remove("head_dim"));
        Assert.Equal(128, HuggingFaceConfig.Read(folder).HeadSize);
    }

    [Fact]
    public void Mistral_has_a_window_unless_it_says_that_it_has_none()
    {
        Assert.Equal((8192, 4096, 4096), Lengths(Mistral(null)));
        Assert.Equal((8192, null, 8192), Lengths(Mistral("null")));
        Assert.Equal((8192, 1024, 1024), Lengths(Mistral("1024")));
        Assert.Equal((8192, 100_000, 8192), Lengths(Mistral("100000")));
        Assert.False(Mistral("null").QueryKeyNorm);
        Assert.Contains("sliding_window is 0: expected a whole number from 1", Assert.Throws<ModelFormatException>(() => Mistral("0")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen3", "use_sliding_window", "true", "use_sliding_window is true")]
    [InlineData("qwen3", "attention_bias", "true", "attention_bias is true")]
    [InlineData("qwen3", "layer_types", """["full_attention","sliding_attention"]""", "expected full_attention alone")]
    [InlineData("mistral", "rope_scaling", """{"type":"linear","factor":2.0}""", "rope_scaling.type is \"linear\": expected default or llama3")]
    [InlineData("mistral", "rope_scaling", """{"rope_type":"yarn","factor":2.0}""", "rope_scaling.rope_type is \"yarn\": expected default or llama3")]
    public void What_is_not_known_is_told(string architecture, string field, string value, string message)
    {
        var error = Assert.Throws<ModelFormatException>(() => TinyFolder.Write(Path.Combine(_folder.Path, "model"), architecture,
            config => config[field] = System.Text.Json.Nodes.JsonNode.Parse(value)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static (int, int?, int) Lengths(ModelDescription model) => (model.ContextLength, model.SlidingWindow, model.FullAttentionLength);

    private ModelDescription Mistral(string? window)
    {
        var folder = TinyFolder.Write(Path.Combine(_folder.Path, "mistral"), "mistral", config =>
        {
            if (window is not null)
            {
                config["sliding_window"] = window == "null" ? null : int.Parse(window, System.Globalization.CultureInfo.InvariantCulture);
            }
        });
        using var weights = HuggingFaceFolder.Open(folder);
        return weights.Description;
    }
}
