using System.Security.Cryptography;
using O1Coder.Models;
using O1Coder.Models.Tests;

namespace O1Coder.Policy.Tests;

/// <summary>A folder with a whole qwen2 model of two small layers, whose tokens are the 256 bytes and a few special ones.</summary>
internal sealed class TinyModel : IDisposable
{
    public const int Vocabulary = 288;
    public const int Hidden = 64;
    public const int Context = 512;

    private const int Inner = 96;
    private const int KeyValueSize = 32;
    private const int Layers = 2;

    private const string Template =
        "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}" +
        "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}";

    private static readonly string[] s_special = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("o1coder-tiny-");

    public TinyModel()
    {
        File = Path.Combine(Folder, "tiny.gguf");
        System.IO.File.WriteAllBytes(File, Writer().ToBytes());
        WriteHashes();
    }

    /// <summary>The folder, which is the setting O1CODER_MODEL.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Its one file of weights.</summary>
    public string File { get; }

    /// <summary>Makes the hashes those of the file as it is now.</summary>
    public void WriteHashes() => System.IO.File.WriteAllText(
        Path.Combine(Folder, "SHA256SUMS"),
        $"{Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(File)))}  {Path.GetFileName(File)}\n");

    public void Dispose() => _folder.Delete(recursive: true);

    private static GgufWriter Writer()
    {
        string[] tokens =
        [
            .. Enumerable.Range(0, 256).Select(ByteLetter), .. s_special,
            .. Enumerable.Range(0, Vocabulary - 256 - s_special.Length).Select(i => $"[PAD{i}]"),
        ];
        var writer = new GgufWriter()
            .With("general.architecture", "qwen2")
            .With("qwen2.block_count", (uint)Layers)
            .With("qwen2.context_length", (uint)Context)
            .With("qwen2.embedding_length", (uint)Hidden)
            .With("qwen2.feed_forward_length", (uint)Inner)
            .With("qwen2.attention.head_count", 2u)
            .With("qwen2.attention.head_count_kv", 1u)
            .With("qwen2.rope.freq_base", 10_000f)
            .With("qwen2.attention.layer_norm_rms_epsilon", 1e-6f)
            .With("tokenizer.ggml.model", "gpt2")
            .With("tokenizer.ggml.pre", "qwen2")
            .With("tokenizer.ggml.tokens", tokens)
            .With("tokenizer.ggml.token_type", Enumerable.Range(0, Vocabulary).Select(id => id < 256 ? 1 : id < 256 + s_special.Length ? 3 : 5).ToArray())
            .With("tokenizer.ggml.merges", Array.Empty<string>())
            .With("tokenizer.ggml.eos_token_id", 257u)
            .With("tokenizer.chat_template", Template)
            .WithFloats("output_norm.weight", 1, Hidden);
        var random = new Random(1);
        Matrix("token_embd", Hidden, Vocabulary);
        for (var layer = 0; layer < Layers; layer++)
        {
            var block = $"blk.{layer}.";
            writer.WithFloats(block + "attn_norm.weight", 1, Hidden).WithFloats(block + "ffn_norm.weight", 1, Hidden)
                .WithFloats(block + "attn_q.bias", 0.1f, Hidden).WithFloats(block + "attn_k.bias", -0.2f, KeyValueSize)
                .WithFloats(block + "attn_v.bias", 0.05f, KeyValueSize);
            Matrix(block + "attn_q", Hidden, Hidden);
            Matrix(block + "attn_k", Hidden, KeyValueSize);
            Matrix(block + "attn_v", Hidden, KeyValueSize);
            Matrix(block + "attn_output", Hidden, Hidden);
            Matrix(block + "ffn_gate", Hidden, Inner);
            Matrix(block + "ffn_up", Hidden, Inner);
            Matrix(block + "ffn_down", Inner, Hidden);
        }

        return writer;

        void Matrix(string name, int columns, int rows) => writer.WithTensor(
            $"{name}.weight", GgufTensorType.F32, [(ulong)columns, (ulong)rows],
            [.. Enumerable.Range(0, columns * rows).SelectMany(_ => BitConverter.GetBytes(0.2f * ((2 * random.NextSingle()) - 1)))]);
    }

    // GPT-2's letters for bytes: itself where it can be seen, else one after another from U+0100.
    private static string ByteLetter(int value)
    {
        return $"{(char)(Visible(value) ? value : 256 + Enumerable.Range(0, value).Count(other => !Visible(other)))}";

        static bool Visible(int value) => value is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174;
    }
}
