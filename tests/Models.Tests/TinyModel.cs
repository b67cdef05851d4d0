using System.Text;

namespace O1Coder.Models.Tests;

/// <summary>A complete qwen2 model of one layer whose vocabulary is the 256 bytes, two merges and three special tokens.</summary>
internal static class TinyModel
{
    public const string Template =
        "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}" +
        "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}";

    public static string[] Tokens { get; } =
    [
        .. Enumerable.Range(0, 256).Select(value => ByteLevelAlphabet.Encode((byte)value)),
        "ab", "abc", "<|im_start|>", "<|im_end|>", "<|im", "[PAD]",
    ];

    public static int[] Types { get; } = [.. Enumerable.Repeat(1, 258), 3, 3, 4, 5];

    public static GgufWriter Writer() => new GgufWriter()
        .With("general.architecture", "qwen2")
        .With("qwen2.block_count", 1u)
        .With("qwen2.context_length", 64u)
        .With("qwen2.embedding_length", 8u)
        .With("qwen2.feed_forward_length", 16u)
        .With("qwen2.attention.head_count", 2u)
        .With("qwen2.attention.head_count_kv", 1u)
        .With("qwen2.rope.freq_base", 10_000f)
        .With("qwen2.attention.layer_norm_rms_epsilon", 1e-6f)
        .With("tokenizer.ggml.model", "gpt2")
        .With("tokenizer.ggml.pre", "qwen2")
        .With("tokenizer.ggml.tokens", Tokens)
        .With("tokenizer.ggml.token_type", Types)
        .With("tokenizer.ggml.merges", new[] { "a b", "ab c" })
        .With("tokenizer.ggml.eos_token_id", 259u)
        .With("tokenizer.chat_template", Template)
        .WithFloats("token_embd.weight", 0.5f, 8, 262)
        .WithFloats("output_norm.weight", 1, 8)
        .WithFloats("blk.0.attn_norm.weight", 1, 8)
        .WithFloats("blk.0.attn_q.weight", 1, 8, 8)
        .WithFloats("blk.0.attn_q.bias", 0, 8)
        .WithFloats("blk.0.attn_k.weight", 1, 8, 4)
        .WithFloats("blk.0.attn_k.bias", 0, 4)
        .WithFloats("blk.0.attn_v.weight", 1, 8, 4)
        .WithFloats("blk.0.attn_v.bias", 0, 4)
        .WithFloats("blk.0.attn_output.weight", 1, 8, 8)
        .WithFloats("blk.0.ffn_norm.weight", 1, 8)
        .WithFloats("blk.0.ffn_gate.weight", 1, 8, 16)
        .WithFloats("blk.0.ffn_up.weight", 1, 8, 16)
        .WithFloats("blk.0.ffn_down.weight", 1, 16, 8);

    /// <summary>Reads a model as the library does, and forgets it.</summary>
    public static void Read(string path)
    {
        using var file = GgufFile.Open(path);
        ModelDescription.Read(file);
        ChatTemplate.Create(file.Metadata, BpeTokenizer.Read(file.Metadata));
        foreach (var tensor in file.Tensors.Values)
        {
            _ = tensor.Data[^1];
        }
    }

    /// <summary>The bytes of a text in the tokenizer's own alphabet.</summary>
    public static int[] Bytes(string text) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];
}
