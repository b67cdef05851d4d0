namespace O1Coder.Models;

/// <summary>What architecture <c>qwen2</c> calls its keys and tensors, and the shapes that they must have.</summary>
internal static class Qwen2Format
{
    private const string Tokens = "tokenizer.ggml.tokens";

    // Beside the ids that the file names, these texts end a turn wherever they are control tokens (as in llama.cpp):
    // Qwen ends a chat's turn with the first and a completion with the second.
    private static readonly string[] s_endOfTurnTexts = ["<|im_end|>", "<|endoftext|>"];
    private static readonly string[] s_endOfTurnKeys = ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id"];

    /// <summary>Reads the description and checks every tensor's shape.</summary>
    public static ModelDescription Read(GgufFile file)
    {
        var metadata = file.Metadata;
        var hidden = metadata.GetInt32("qwen2.embedding_length", 1, 1 << 20);
        var heads = metadata.GetInt32("qwen2.attention.head_count", 1, 1 << 14);
        var headSize = metadata.GetInt32("qwen2.attention.key_length", Math.Max(1, hidden / heads), 1, 1 << 14);
        var description = new ModelDescription
        {
            Architecture = "qwen2",
            Layers = metadata.GetInt32("qwen2.block_count", 1, 1 << 12),
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = metadata.GetInt32("qwen2.attention.head_count_kv", heads, 1, heads),
            HeadSize = headSize,
            FeedForwardSize = metadata.GetInt32("qwen2.feed_forward_length", 1, 1 << 24),
            VocabularySize = metadata.GetStrings(Tokens).Count,
            ContextLength = metadata.GetInt32("qwen2.context_length", 1, 1 << 26),
            RopeBase = Positive(metadata, "qwen2.rope.freq_base"),
            RmsEpsilon = Positive(metadata, "qwen2.attention.layer_norm_rms_epsilon"),
            TiedEmbedding = !file.Tensors.ContainsKey("output.weight"),
            EndOfTurnTokens = EndOfTurnTokens(metadata),
        };
        CheckAttention(metadata, description);
        CheckTensors(file, description);
        return description;
    }

    private static float Positive(GgufMetadata metadata, string key)
    {
        var value = metadata.GetSingle(key);
        return value > 0 ? value : throw metadata.Wrong(key, $"{value}", "a positive number");
    }

    private static int[] EndOfTurnTokens(GgufMetadata metadata)
    {
        var tokens = metadata.GetStrings(Tokens);
        var types = metadata.GetInt32s("tokenizer.ggml.token_type");
        if (types.Count != tokens.Count || tokens.Count == 0)
        {
            throw metadata.Wrong("tokenizer.ggml.token_type", $"{types.Count} long", $"{tokens.Count}, one a token and at least one");
        }

        var ends = new SortedSet<int>();
        foreach (var key in s_endOfTurnKeys.Where(metadata.Contains))
        {
            ends.Add(metadata.GetInt32(key, 0, tokens.Count - 1));
        }

        for (var id = 0; id < tokens.Count; id++)
        {
            if (types[id] == (int)GgufTokenType.Control && s_endOfTurnTexts.Contains(tokens[id]))
            {
                ends.Add(id);
            }
        }

        return ends.Count > 0 ? [.. ends] : throw metadata.Wrong(s_endOfTurnKeys[0], "missing", "a token that ends a turn");
    }

    private static void CheckAttention(GgufMetadata metadata, ModelDescription description)
    {
        if (description.Heads % description.KeyValueHeads != 0)
        {
            throw metadata.Wrong("qwen2.attention.head_count_kv", $"{description.KeyValueHeads}",
                $"a divisor of the {description.Heads} heads");
        }

        if (description.HeadSize % 2 != 0)
        {
            throw metadata.Wrong("head size", $"{description.HeadSize}", "an even number, for rotary embedding");
        }

        var rotated = metadata.GetInt32("qwen2.rope.dimension_count", description.HeadSize, 1, int.MaxValue);
        if (rotated != description.HeadSize)
        {
            throw metadata.Wrong("qwen2.rope.dimension_count", $"{rotated}", $"{description.HeadSize}, the head size");
        }

        const string Scaling = "qwen2.rope.scaling.type";
        if (metadata.Contains(Scaling) && metadata.GetString(Scaling) is var scaling and not "none")
        {
            throw metadata.Wrong(Scaling, $"'{scaling}'", "none: scaled rotary embeddings are not known");
        }
    }

    private static void CheckTensors(GgufFile file, ModelDescription description)
    {
        long hidden = description.HiddenSize, vocabulary = description.VocabularySize, forward = description.FeedForwardSize;
        long queries = (long)description.Heads * description.HeadSize;
        long keys = (long)description.KeyValueHeads * description.HeadSize;
        Check(file, "token_embd.weight", vocabulary, hidden);
        Check(file, "output_norm.weight", hidden);
        if (!description.TiedEmbedding)
        {
            Check(file, "output.weight", vocabulary, hidden);
        }

        for (var layer = 0; layer < description.Layers; layer++)
        {
            var block = $"blk.{layer}";
            Check(file, $"{block}.attn_norm.weight", hidden);
            Check(file, $"{block}.attn_q.weight", queries, hidden);
            Check(file, $"{block}.attn_q.bias", queries);
            Check(file, $"{block}.attn_k.weight", keys, hidden);
            Check(file, $"{block}.attn_k.bias", keys);
            Check(file, $"{block}.attn_v.weight", keys, hidden);
            Check(file, $"{block}.attn_v.bias", keys);
            Check(file, $"{block}.attn_output.weight", hidden, queries);
            Check(file, $"{block}.ffn_norm.weight", hidden);
            Check(file, $"{block}.ffn_gate.weight", forward, hidden);
            Check(file, $"{block}.ffn_up.weight", forward, hidden);
            Check(file, $"{block}.ffn_down.weight", hidden, forward);
        }
    }

    private static void Check(GgufFile file, string name, params ReadOnlySpan<long> shape)
    {
        var tensor = file.GetTensor(name);
        if (!shape.SequenceEqual([.. tensor.Shape]))
        {
            throw new ModelFormatException(tensor.FilePath, $"shape of tensor '{name}'", $"[{string.Join(", ", tensor.Shape)}]",
                $"[{string.Join(", ", shape.ToArray())}]");
        }
    }
}
