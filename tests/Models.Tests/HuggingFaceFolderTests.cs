using System.Text.Json;

namespace O1Coder.Models.Tests;

public sealed class HuggingFaceFolderTests : IDisposable
{
    private const string Default = "\"rope_parameters\": {\n    \"rope_theta\": 10000.0,\n    \"rope_type\": \"default\"\n  }";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Qwen2_and_llama_are_described()
    {
        using var qwen = HuggingFaceFolder.Open(GoldenFolders.Qwen2);
        Assert.Equal("qwen2", qwen.Description.Architecture);
        Assert.True(qwen.Description.QkvBias);
        Assert.True(qwen.Description.TiedEmbedding);
        Assert.Equal(1_000_000, qwen.Description.RopeBase);
        Assert.Equal(16, qwen.Description.HeadSize);
        Assert.Empty(qwen.Description.EndOfTurnTokens);
        Assert.Equal([32L], qwen.Shape("model.layers.1.self_attn.k_proj.bias"));

        using var llama = HuggingFaceFolder.Open(GoldenFolders.Llama);
        Assert.Equal("llama", llama.Description.Architecture);
        Assert.False(llama.Description.QkvBias);
        Assert.False(llama.Description.TiedEmbedding);
        Assert.Equal(1e-5f, llama.Description.RmsEpsilon);
        Assert.Equal([2], llama.Description.EndOfTurnTokens);
        Assert.Equal([384L, 64L], llama.Shape("lm_head.weight"));
    }

    [Fact]
    public void Tensors_are_read_whole_and_by_rows()
    {
        using var weights = HuggingFaceFolder.Open(GoldenFolders.Llama);
        var whole = weights.Read("lm_head.weight");
        var rows = new float[2 * 64];
        weights.ReadRows("lm_head.weight", 3, rows);
        Assert.Equal(whole[(3 * 64)..(5 * 64)], rows);
        var stored = new byte[2 * 64 * sizeof(float)];
        Assert.Equal(GgufTensorType.F32, weights.StoredType("lm_head.weight"));
        weights.ReadStored("lm_head.weight", 3, stored);
        Assert.Equal(rows, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(stored).ToArray());
        Assert.Throws<ArgumentException>(() => weights.ReadStored("lm_head.weight", 383, stored));
        var same = new float[whole.Length];
        weights.Read("lm_head.weight", same);
        Assert.Equal(whole, same);
        Assert.Throws<ArgumentException>(() => weights.ReadRows("lm_head.weight", 383, rows));
        Assert.Throws<ArgumentException>(() => weights.ReadRows("lm_head.weight", 0, new float[65]));
        Assert.Throws<ArgumentException>(() => weights.Read("lm_head.weight", rows));
        Assert.Throws<ModelFormatException>(() => weights.Read("lm_head.bias"));
    }

    [Theory]
    [InlineData("\"rope_theta\": 500000.0, \"rope_scaling\": null", 500_000)]
    [InlineData("\"rope_theta\": 500000.0", 500_000)]
    [InlineData("\"rope_parameters\": {\"rope_theta\": 500000.0}", 500_000)]
    [InlineData("\"rope_parameters\": {\"rope_type\": \"default\"}, \"rope_theta\": 500000.0", 500_000)]
    [InlineData("\"rope_scaling\": {\"type\": \"default\"}", 10_000)]
    public void Both_spellings_of_the_rotary_settings_are_read(string spelling, float expected)
    {
        var description = HuggingFaceConfig.Read(Llama(Default, spelling));
        Assert.Equal(expected, description.RopeBase);
        Assert.Null(description.RopeScaling);
    }

    [Theory]
    [InlineData("\"rope_theta\": 500000.0, \"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0, \"original_max_position_embeddings\": 64}")]
    [InlineData("\"rope_parameters\": {\"rope_theta\": 500000.0, \"rope_type\": \"llama3\", \"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0, \"original_max_position_embeddings\": 64}")]
    public void Llama3_stretches_low_frequencies(string spelling)
    {
        var description = HuggingFaceConfig.Read(Llama(Default, spelling));
        Assert.Equal(new RopeScaling(8, 1, 4, 64), description.RopeScaling);
        var plain = (description with { RopeScaling = null }).RopeFrequencies();
        var stretched = description.RopeFrequencies();

        // Waves of 6.3, 32.4, 167, … tokens against bounds of 16 and 64: kept, blended, divided.
        Assert.Equal(1, plain[0], 1e-12);
        Assert.Equal(plain[0], stretched[0], 1e-12);
        var blend = ((64 * plain[1] / (2 * Math.PI)) - 1) / 3;
        Assert.InRange(blend, 0.1, 0.9);
        Assert.Equal((blend * plain[1]) + ((1 - blend) * plain[1] / 8), stretched[1], 1e-12);
        for (var i = 2; i < plain.Length; i++)
        {
            Assert.Equal(plain[i] / 8, stretched[i], 1e-12);
        }
    }

    [Theory]
    [InlineData("\"rope_type\": \"default\"", "\"rope_type\": \"yarn\"", "rope_parameters.rope_type is \"yarn\": expected default or llama3")]
    [InlineData("\"rope_type\": \"default\"", "\"rope_type\": \"llama3\"", "rope_parameters.low_freq_factor is missing")]
    [InlineData("\"model_type\": \"llama\"", "\"model_type\": \"gemma\"", "model_type is \"gemma\": expected one of qwen2, llama, qwen3, mistral")]
    [InlineData("\"attention_bias\": false", "\"attention_bias\": true", "attention_bias is true")]
    [InlineData("\"mlp_bias\": false", "\"mlp_bias\": true", "mlp_bias is true")]
    [InlineData("\"hidden_act\": \"silu\"", "\"hidden_act\": \"gelu\"", "hidden_act is \"gelu\": expected silu")]
    [InlineData("\"head_dim\": 16", "\"head_dim\": 15", "head size is 15: expected an even number")]
    [InlineData("\"head_dim\": 16", "\"head_dim\": 8", "shape of tensor 'model.layers.0.self_attn.q_proj.weight' is [64, 64]: expected [32, 64]")]
    [InlineData("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3", "num_key_value_heads is 3: expected a divisor of the 4 heads")]
    [InlineData("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "tensor 'model.layers.2.input_layernorm.weight' is missing")]
    [InlineData("\"vocab_size\": 384", "\"vocab_size\": 385", "shape of tensor 'model.embed_tokens.weight'")]
    [InlineData("\"hidden_size\": 64", "\"hidden_size\": \"64\"", "hidden_size is \"64\": expected a whole number")]
    [InlineData("\"eos_token_id\": 2", "\"eos_token_id\": 384", "eos_token_id is 384")]
    public void What_is_not_known_or_does_not_fit_is_told(string old, string changed, string message)
    {
        var folder = Llama(old, changed);
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => HuggingFaceFolder.Open(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_are_found_by_their_index()
    {
        var folder = Llama("\"llama\"", "\"llama\"");
        var single = Path.Combine(folder, "model.safetensors");
        using (var whole = SafetensorsFile.Open(single))
        {
            var parts = whole.Tensors.Values.GroupBy(tensor => $"model-0000{(tensor.Name.Contains("mlp", StringComparison.Ordinal) ? 2 : 1)}-of-00002.safetensors").ToList();
            foreach (var part in parts)
            {
                SafetensorsWriter.Write(Path.Combine(folder, part.Key), part.Select(tensor => (tensor.Name, tensor.Shape.ToArray(), tensor.ToFloats())));
            }

            var map = parts.SelectMany(part => part.Select(tensor => (tensor.Name, part.Key))).ToDictionary(entry => entry.Name, entry => entry.Key);
            File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), JsonSerializer.Serialize(new { weight_map = map }));
        }

        File.Delete(single);
        Assert.True(HuggingFaceFolder.IsOne(folder));
        using (var sharded = HuggingFaceFolder.Open(folder))
        using (var original = HuggingFaceFolder.Open(GoldenFolders.Llama))
        {
            Assert.Equal(original.Read("model.layers.1.mlp.up_proj.weight"), sharded.Read("model.layers.1.mlp.up_proj.weight"));
        }

        GoldenFolders.Replace(Path.Combine(folder, "model.safetensors.index.json"), "model-00002", "../model-00002");
        Assert.Contains("expected the name of a file in the same folder",
            Assert.Throws<ModelFormatException>(() => HuggingFaceFolder.Open(folder)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "model.safetensors.index.json"));
        Assert.Contains("missing model.safetensors in",
            Assert.Throws<ModelFormatException>(() => HuggingFaceFolder.Open(folder)).Message, StringComparison.Ordinal);
        Assert.False(HuggingFaceFolder.IsOne(folder));
    }

    public void Dispose() => _folder.Dispose();

    private string Llama(string old, string changed)
    {
        var folder = GoldenFolders.Copy(GoldenFolders.Llama, Path.Combine(_folder.Path, "llama"));
        GoldenFolders.Replace(Path.Combine(folder, "config.json"), old, changed);
        return folder;
    }
}
