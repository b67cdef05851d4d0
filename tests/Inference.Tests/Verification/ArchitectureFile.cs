using System.Runtime.InteropServices;
using O1Coder.Models;
using O1Coder.Models.Tests;

namespace O1Coder.Inference.Tests.Verification;

/// <summary>
/// GGUF files of any known architecture whose matrices are stored in any type: hidden size 256, the least that every type's rows
/// can have, random codes, and scales that give weights of about 1 / √256.
/// </summary>
internal static class ArchitectureFile
{
    public const int Vocabulary = 83;

    private const int Hidden = 256, HeadSize = 64, Heads = 4, KeyValueHeads = 2, Layers = 2;

    public static GgufWriter Writer(string architecture, GgufTensorType type)
    {
        var writer = Metadata(new GgufWriter(), architecture);
        foreach (var (name, shape) in Tensors(architecture))
        {
            With(writer, name, shape, type);
        }

        return writer;
    }

    /// <summary>The same in two files, the second of which has every other tensor.</summary>
    public static (GgufWriter First, GgufWriter Second) Split(string architecture, GgufTensorType type)
    {
        var tensors = Tensors(architecture).ToList();
        var (first, second) = (Part(Metadata(new GgufWriter(), architecture), 0), Part(new GgufWriter(), 1));
        foreach (var (i, (name, shape)) in tensors.Index())
        {
            With(i % 2 == 0 ? first : second, name, shape, type);
        }

        return (first, second);

        GgufWriter Part(GgufWriter writer, int number) =>
            writer.With("split.no", number).With("split.count", 2).With("split.tensors.count", tensors.Count);
    }

    private static GgufWriter Metadata(GgufWriter writer, string architecture) => writer
        .With("general.architecture", architecture)
        .With($"{architecture}.block_count", (uint)Layers)
        .With($"{architecture}.context_length", 512u)
        .With($"{architecture}.embedding_length", (uint)Hidden)
        .With($"{architecture}.feed_forward_length", (uint)Hidden)
        .With($"{architecture}.attention.head_count", (uint)Heads)
        .With($"{architecture}.attention.head_count_kv", (uint)KeyValueHeads)
        .With($"{architecture}.attention.key_length", (uint)HeadSize)
        .With($"{architecture}.attention.value_length", (uint)HeadSize)
        .With($"{architecture}.rope.freq_base", 10_000f)
        .With($"{architecture}.attention.layer_norm_rms_epsilon", 1e-6f)
        .With("tokenizer.ggml.tokens", Enumerable.Range(0, Vocabulary).Select(id => $"t{id}").ToArray())
        .With("tokenizer.ggml.token_type", Enumerable.Repeat(1, Vocabulary).ToArray())
        .With("tokenizer.ggml.eos_token_id", 0u);

    private static IEnumerable<(string Name, int[] Shape)> Tensors(string architecture)
    {
        yield return ("token_embd.weight", [Vocabulary, Hidden]);
        yield return ("output_norm.weight", [Hidden]);
        if (architecture == "llama")
        {
            yield return ("output.weight", [Vocabulary, Hidden]);
            yield return ("rope_freqs.weight", [HeadSize / 2]);
        }

        for (var layer = 0; layer < Layers; layer++)
        {
            var block = $"blk.{layer}";
            yield return ($"{block}.attn_norm.weight", [Hidden]);
            yield return ($"{block}.ffn_norm.weight", [Hidden]);
            foreach (var (name, rows) in new[]
            {
                ("attn_q", Heads * HeadSize), ("attn_k", KeyValueHeads * HeadSize), ("attn_v", KeyValueHeads * HeadSize),
                ("attn_output", Hidden), ("ffn_gate", Hidden), ("ffn_up", Hidden), ("ffn_down", Hidden),
            })
            {
                yield return ($"{block}.{name}.weight", [rows, Hidden]);
                if (architecture == "qwen2" && name is "attn_q" or "attn_k" or "attn_v")
                {
                    yield return ($"{block}.{name}.bias", [rows]);
                }

                if (architecture == "qwen3" && name is "attn_q" or "attn_k")
                {
                    yield return ($"{block}.{name}_norm.weight", [HeadSize]);
                }
            }
        }
    }

    private static void With(GgufWriter writer, string name, int[] shape, GgufTensorType type)
    {
        var random = new Random(name.Sum(letter => letter) + (31 * name.Length));
        if (shape is [var rows, var columns])
        {
            writer.WithTensor(name, type, [(ulong)columns, (ulong)rows], Matrix(random, rows * columns, type));
            return;
        }

        // Divisors of frequencies, factors around 1, or a bias.
        var (least, most) = name.StartsWith("rope", StringComparison.Ordinal) ? (1f, 8f)
            : name.EndsWith("bias", StringComparison.Ordinal) ? (-0.2f, 0.2f) : (0.7f, 1.3f);
        writer.WithTensor(name, GgufTensorType.F32, [(ulong)shape[0]], Bytes(Numbers(random, shape[0], least, most)));
    }

    private static byte[] Matrix(Random random, int count, GgufTensorType type)
    {
        if (type.BlockLength() == 1)
        {
            var floats = Numbers(random, count, -0.1f, 0.1f);
            return type switch
            {
                GgufTensorType.F16 => Bytes(Array.ConvertAll(floats, value => (Half)value)),
                GgufTensorType.BF16 => Bytes(Array.ConvertAll(floats, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16))),
                _ => Bytes(floats),
            };
        }

        var (at, scale, minimum) = type switch
        {
            GgufTensorType.Q4_0 => (0, 0.013f, 0f),
            GgufTensorType.Q4_1 => (0, 0.013f, -0.1f),
            GgufTensorType.Q5_0 => (0, 0.0065f, 0f),
            GgufTensorType.Q5_1 => (0, 0.0065f, -0.1f),
            GgufTensorType.Q8_0 => (0, 0.0008f, 0f),
            GgufTensorType.Q4_K => (0, 0.0004f, 0.003f),
            GgufTensorType.Q5_K => (0, 0.0002f, 0.003f),
            GgufTensorType.Q6_K => (208, 0.000045f, 0f),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "expected a type whose blocks are known here"),
        };
        var data = new byte[count / type.BlockLength() * type.BlockBytes()];
        random.NextBytes(data);
        for (var block = 0; block < data.Length; block += type.BlockBytes())
        {
            // Each block a scale of its own.
            BitConverter.TryWriteBytes(data.AsSpan(block + at), (Half)(scale * (0.7f + (0.6f * random.NextSingle()))));
            if (minimum != 0)
            {
                BitConverter.TryWriteBytes(data.AsSpan(block + at + 2), (Half)minimum);
            }
        }

        return data;
    }

    private static float[] Numbers(Random random, int count, float least, float most) =>
        [.. Enumerable.Range(0, count).Select(_ => least + ((most - least) * random.NextSingle()))];

    private static byte[] Bytes<T>(T[] values)
        where T : struct => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
