using O1Coder.Models;
using O1Coder.Models.Tests;

namespace O1Coder.Inference.Tests;

/// <summary>A qwen2 model of two layers with random 4-bit weights, and random adapters for it.</summary>
internal static class TinyQwen2
{
    public const int Hidden = 64;
    public const int Inner = 96;
    public const int Vocabulary = 64;

    public static ModelDescription Description { get; } = new()
    {
        Architecture = "qwen2",
        Layers = 2,
        HiddenSize = Hidden,
        Heads = 2,
        KeyValueHeads = 1,
        HeadSize = 32,
        FeedForwardSize = Inner,
        VocabularySize = Vocabulary,
        ContextLength = 2048,
        RopeBase = 10_000,
        RmsEpsilon = 1e-6f,
        TiedEmbedding = true,
        EndOfTurnTokens = [0],
    };

    public static GgufWriter Writer()
    {
        var writer = WithMatrix(new GgufWriter(), "token_embd", Vocabulary, Hidden, seed: 1)
            .With("general.architecture", "qwen2")
            .With("qwen2.block_count", (uint)Description.Layers)
            .With("qwen2.context_length", (uint)Description.ContextLength)
            .With("qwen2.embedding_length", (uint)Hidden)
            .With("qwen2.feed_forward_length", (uint)Inner)
            .With("qwen2.attention.head_count", (uint)Description.Heads)
            .With("qwen2.attention.head_count_kv", (uint)Description.KeyValueHeads)
            .With("qwen2.rope.freq_base", Description.RopeBase)
            .With("qwen2.attention.layer_norm_rms_epsilon", Description.RmsEpsilon)
            .With("tokenizer.ggml.tokens", Enumerable.Range(0, Vocabulary).Select(id => $"t{id}").ToArray())
            .With("tokenizer.ggml.token_type", Enumerable.Repeat(1, Vocabulary).ToArray())
            .With("tokenizer.ggml.eos_token_id", 0u);
        for (var layer = 0; layer < Description.Layers; layer++)
        {
            var block = $"blk.{layer}.";
            writer.WithFloats(block + "attn_norm.weight", 1, Hidden).WithFloats(block + "ffn_norm.weight", 1, Hidden)
                .WithFloats(block + "attn_q.bias", 0.1f, 64).WithFloats(block + "attn_k.bias", -0.2f, 32)
                .WithFloats(block + "attn_v.bias", 0.05f, 32);
            foreach (var (name, rows, columns) in new[]
            {
                ("attn_q", 64, Hidden), ("attn_k", 32, Hidden), ("attn_v", 32, Hidden), ("attn_output", Hidden, 64),
                ("ffn_gate", Inner, Hidden), ("ffn_up", Inner, Hidden), ("ffn_down", Hidden, Inner),
            })
            {
                WithMatrix(writer, block + name, rows, columns, seed: layer + name.Length + name[^1]);
            }
        }

        return writer.WithFloats("output_norm.weight", 1, Hidden);
    }

    public static GgufWriter WithMatrix(GgufWriter writer, string name, int rows, int columns, int seed)
    {
        var data = new byte[rows * columns / 32 * 18];
        new Random(seed).NextBytes(data);
        for (var block = 0; block < data.Length; block += 18)
        {
            BitConverter.TryWriteBytes(data.AsSpan(block), (Half)0.03f);
        }

        return writer.WithTensor($"{name}.weight", GgufTensorType.Q4_0, [(ulong)columns, (ulong)rows], data);
    }

    /// <summary>An adapter with random matrices of every projection that is named, in every layer, or in those of one parity.</summary>
    /// <param name="model">The model that it is for.</param>
    /// <param name="rank">Its rank.</param>
    /// <param name="seed">Makes another adapter, and another version.</param>
    /// <param name="size">The largest number in B; those in A are about 1 / √in.</param>
    /// <param name="has">Which matrices it has; null for all.</param>
    public static LoraAdapter Adapter(
        ModelDescription model, int rank, int seed, float size = 0.1f, Func<LoraKey, bool>? has = null)
    {
        var random = new Random(seed);
        var matrices = new Dictionary<LoraKey, LoraMatrices>();
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var projection in Enum.GetValues<Projection>())
            {
                var key = new LoraKey(layer, projection);
                if (has is null || has(key))
                {
                    matrices[key] = new LoraMatrices(
                        Numbers(rank * model.InputSize(projection), 1.7f / MathF.Sqrt(model.InputSize(projection))),
                        Numbers(model.OutputSize(projection) * rank, size));
                }
            }
        }

        return new LoraAdapter(rank, 2 * rank, rankStabilized: false, matrices, $"version-{rank}-{seed}");

        float[] Numbers(int count, float largest) =>
            [.. Enumerable.Range(0, count).Select(_ => largest * ((2 * random.NextSingle()) - 1))];
    }
}
