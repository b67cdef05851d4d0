namespace O1Coder.Models.Tests;

/// <summary>
/// Small GGUF models of any known architecture: hidden size 32, 4 heads of 16, 2 key-value heads, 2 layers. Matrix elements say
/// where they stand: row + column / 64.
/// </summary>
internal static class TinyArchitecture
{
    public const int Hidden = 32, HeadSize = 16, Heads = 4, KeyValueHeads = 2, FeedForward = 64, Layers = 2;

    public static GgufWriter Writer(string architecture, Func<float[], int, GgufTensorType, byte[]>? encode = null, GgufTensorType type = GgufTensorType.F32)
    {
        var writer = new GgufWriter()
            .With("general.architecture", architecture)
            .With($"{architecture}.block_count", (uint)Layers)
            .With($"{architecture}.context_length", 8192u)
            .With($"{architecture}.embedding_length", (uint)Hidden)
            .With($"{architecture}.feed_forward_length", (uint)FeedForward)
            .With($"{architecture}.attention.head_count", (uint)Heads)
            .With($"{architecture}.attention.head_count_kv", (uint)KeyValueHeads)
            .With($"{architecture}.attention.key_length", (uint)HeadSize)
            .With($"{architecture}.attention.value_length", (uint)HeadSize)
            .With($"{architecture}.attention.layer_norm_rms_epsilon", 1e-5f)
            .With("tokenizer.ggml.tokens", TinyModel.Tokens)
            .With("tokenizer.ggml.token_type", TinyModel.Types)
            .With("tokenizer.ggml.eos_token_id", 259u);
        Matrix("token_embd.weight", TinyModel.Tokens.Length, Hidden);
        writer.WithFloats("output_norm.weight", 1, Hidden);
        for (var layer = 0; layer < Layers; layer++)
        {
            var block = $"blk.{layer}";
            writer.WithFloats($"{block}.attn_norm.weight", 1, Hidden).WithFloats($"{block}.ffn_norm.weight", 1, Hidden);
            Matrix($"{block}.attn_q.weight", Heads * HeadSize, Hidden, architecture == "llama" ? Heads : null);
            Matrix($"{block}.attn_k.weight", KeyValueHeads * HeadSize, Hidden, architecture == "llama" ? KeyValueHeads : null);
            Matrix($"{block}.attn_v.weight", KeyValueHeads * HeadSize, Hidden);
            Matrix($"{block}.attn_output.weight", Hidden, Heads * HeadSize);
            Matrix($"{block}.ffn_gate.weight", FeedForward, Hidden);
            Matrix($"{block}.ffn_up.weight", FeedForward, Hidden);
            Matrix($"{block}.ffn_down.weight", Hidden, FeedForward);
            if (architecture == "qwen2")
            {
                writer.WithFloats($"{block}.attn_q.bias", 0, Heads * HeadSize)
                    .WithFloats($"{block}.attn_k.bias", 0, KeyValueHeads * HeadSize)
                    .WithFloats($"{block}.attn_v.bias", 0, KeyValueHeads * HeadSize);
            }
            else if (architecture == "qwen3")
            {
                writer.WithFloats($"{block}.attn_q_norm.weight", 2, HeadSize).WithFloats($"{block}.attn_k_norm.weight", 3, HeadSize);
            }
        }

        return writer;

        void Matrix(string name, int rows, int columns, int? heads = null)
        {
            var elements = Elements(rows, columns);
            elements = heads is { } count ? Paired(elements, columns, count) : elements;
            writer.WithTensor(name, type, [(ulong)columns, (ulong)rows],
                encode?.Invoke(elements, columns, type) ?? [.. elements.SelectMany(BitConverter.GetBytes)]);
        }
    }

    public static float[] Elements(int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => (i / columns) + (i % columns / 64f))];

    /// <summary>What llama.cpp's converter does: [heads, 2, d/2, columns] with the middle dimensions swapped.</summary>
    private static float[] Paired(float[] elements, int columns, int heads)
    {
        var half = elements.Length / columns / heads / 2;
        var moved = new List<float>();
        for (var head = 0; head < heads; head++)
        {
            for (var i = 0; i < half; i++)
            {
                for (var part = 0; part < 2; part++)
                {
                    moved.AddRange(elements.AsSpan(((((head * 2) + part) * half) + i) * columns, columns));
                }
            }
        }

        return [.. moved];
    }
}
