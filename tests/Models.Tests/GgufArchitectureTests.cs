namespace O1Coder.Models.Tests;

public sealed class GgufArchitectureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("qwen2", true, false)]
    [InlineData("llama", false, false)]
    [InlineData("qwen3", false, true)]
    public void Every_tensor_comes_under_Hugging_Faces_name_in_its_order(string architecture, bool bias, bool norms)
    {
        using var weights = Open(TinyArchitecture.Writer(architecture));
        var model = weights.Description;
        Assert.Equal((architecture, bias, norms), (model.Architecture, model.QkvBias, model.QueryKeyNorm));
        Assert.Equal((16, 4, 2, 10_000f), (model.HeadSize, model.Heads, model.KeyValueHeads, model.RopeBase));
        Assert.All(HuggingFaceTensors.Expected(model), tensor =>
        {
            Assert.Equal(tensor.Shape, weights.Shape(tensor.Name));
            var elements = weights.Read(tensor.Name);
            if (tensor.Shape.Length == 2)
            {
                Assert.Equal(TinyArchitecture.Elements((int)tensor.Shape[0], (int)tensor.Shape[1]), elements);
            }
        });
        if (norms)
        {
            Assert.All(weights.Read("model.layers.1.self_attn.q_norm.weight"), element => Assert.Equal(2, element));
            Assert.All(weights.Read("model.layers.1.self_attn.k_norm.weight"), element => Assert.Equal(3, element));
        }
    }

    [Fact]
    public void Rows_of_llamas_queries_and_keys_are_put_back_as_stored_blocks_too()
    {
        // Scale 1 and the row as every code: a row's blocks say which row it is.
        using var weights = Open(TinyArchitecture.Writer("llama", Encode, GgufTensorType.Q8_0));
        foreach (var (name, rows) in new[] { ("q", 64), ("k", 32), ("v", 32) })
        {
            var tensor = $"model.layers.0.self_attn.{name}_proj.weight";
            Assert.Equal(GgufTensorType.Q8_0, weights.StoredType(tensor));
            var stored = new byte[3 * 34];
            var floats = new float[3 * 32];
            for (var row = 0; row + 3 <= rows; row++)
            {
                weights.ReadStored(tensor, row, stored);
                weights.ReadRows(tensor, row, floats);
                for (var i = 0; i < 3; i++)
                {
                    Assert.All(stored[((i * 34) + 2)..((i + 1) * 34)], code => Assert.Equal(row + i, code));
                    Assert.All(floats[(i * 32)..((i + 1) * 32)], element => Assert.Equal(row + i, element));
                }
            }
        }

        static byte[] Encode(float[] elements, int columns, GgufTensorType type) => [.. elements.Chunk(32)
            .SelectMany(block => BitConverter.GetBytes((Half)1).Concat(block.Select(element => (byte)element)))];
    }

    [Fact]
    public void Llama3s_stretching_is_read_from_its_factors()
    {
        float[] factors = [1, 1, 1, 2, 4, 8, 8, 8];
        var writer = TinyArchitecture.Writer("llama").With("llama.rope.freq_base", 500_000f).WithTensor(
            "rope_freqs.weight", GgufTensorType.F32, [8], [.. factors.SelectMany(BitConverter.GetBytes)]);
        using var weights = Open(writer);
        var plain = (weights.Description with { RopeFrequencyFactors = null }).RopeFrequencies();
        Assert.Equal(plain.Select((frequency, i) => frequency / factors[i]), weights.Description.RopeFrequencies());
        Assert.Equal(Math.Pow(500_000, -2.0 / 16), plain[1], 1e-12);

        Refused("tensor 'rope_freqs.weight' is F32 of shape [7]: expected F32 of shape [8], half the head size",
            TinyArchitecture.Writer("llama").WithFloats("rope_freqs.weight", 1, 7));
        Refused("tensor 'rope_freqs.weight' has an element that is not positive", TinyArchitecture.Writer("llama").WithFloats("rope_freqs.weight", 0, 8));
    }

    [Fact]
    public void A_sliding_window_is_read()
    {
        using var weights = Open(TinyArchitecture.Writer("llama").With("llama.attention.sliding_window", 4096u));
        Assert.Equal((8192, 4096, 4096), (weights.Description.ContextLength, weights.Description.SlidingWindow, weights.Description.FullAttentionLength));
        using var none = Open(TinyArchitecture.Writer("llama").With("llama.attention.sliding_window", 0u));
        Assert.Null(none.Description.SlidingWindow);
    }

    [Fact]
    public void What_would_be_another_model_is_told()
    {
        Refused("tensor 'blk.0.attn_q.bias' is not known: expected those of architecture llama alone",
            TinyArchitecture.Writer("llama").WithFloats("blk.0.attn_q.bias", 0, 64));
        Refused("tensor 'blk.0.attn_q_norm.weight' is missing", TinyArchitecture.Writer("qwen3").WithoutTensor("blk.0.attn_q_norm.weight"));
        Refused("llama.rope.scaling.type is 'linear': expected none", TinyArchitecture.Writer("llama").With("llama.rope.scaling.type", "linear"));
        Refused("llama.rope.scaling.factor is 2: expected 1", TinyArchitecture.Writer("llama").With("llama.rope.scaling.factor", 2f));
        Refused("qwen3.rope.scaling.type is 'yarn': expected none", TinyArchitecture.Writer("qwen3").With("qwen3.rope.scaling.type", "yarn"));
        Refused("llama.expert_count is 8: expected 0", TinyArchitecture.Writer("llama").With("llama.expert_count", 8u));
        Refused("llama.attention.value_length is 8: expected 16, the head size",
            TinyArchitecture.Writer("llama").Without("llama.attention.value_length").With("llama.attention.value_length", 8u));
        Refused("type of tensor 'output_norm.weight' is I32: expected one of F32, F16",
            TinyArchitecture.Writer("llama").WithoutTensor("output_norm.weight").WithTensor("output_norm.weight", GgufTensorType.I32, [32], new byte[128]));
        Refused("general.architecture is 'mistral3': expected one of qwen2, llama, qwen3", TinyArchitecture.Writer("mistral3"));
    }

    public void Dispose() => _folder.Dispose();

    private GgufWeights Open(GgufWriter writer) => new(GgufFile.Open(_folder.Write($"{Guid.NewGuid():n}.gguf", writer.ToBytes())));

    private void Refused(string message, GgufWriter writer)
    {
        using var file = GgufFile.Open(_folder.Write($"{Guid.NewGuid():n}.gguf", writer.ToBytes()));
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => new GgufWeights(file, leaveOpen: true)).Message, StringComparison.Ordinal);
    }
}
