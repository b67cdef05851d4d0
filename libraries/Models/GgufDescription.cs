namespace O1Coder.Models;

/// <summary>Reads a model's description from a GGUF file's metadata and checks that its tensors are those that it implies.</summary>
internal static class GgufDescription
{
    private const string ArchitectureKey = "general.architecture";
    private const string Tokens = "tokenizer.ggml.tokens";

    /// <summary>The base of the rotary embedding where the file names none, as in llama.cpp.</summary>
    private const float DefaultRopeBase = 10_000;

    // Beside the ids that the file names, these texts end a turn wherever they are control tokens (as in llama.cpp):
    // Qwen ends a chat's turn with the first and a completion with the second, Llama 3 with the next three.
    private static readonly string[] s_endOfTurnTexts = ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "<|eom_id|>"];
    private static readonly string[] s_endOfTurnKeys =
        ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"];

    /// <summary>Reads the description and checks every tensor's shape and type.</summary>
    public static ModelDescription Read(GgufFile file)
    {
        var metadata = file.Metadata;
        var name = metadata.GetString(ArchitectureKey);
        var architecture = Architecture.Find(name, known => known.InGguf) ?? throw metadata.Wrong(
            ArchitectureKey, $"'{name}'", $"one of {string.Join(", ", ModelDescription.KnownArchitectures)}");
        var hidden = metadata.GetInt32($"{name}.embedding_length", 1, 1 << 20);
        var heads = metadata.GetInt32($"{name}.attention.head_count", 1, 1 << 14);
        var context = metadata.GetInt32($"{name}.context_length", 1, 1 << 26);
        var headSize = metadata.GetInt32($"{name}.attention.key_length", Math.Max(1, hidden / heads), 1, 1 << 14);
        var description = new ModelDescription
        {
            Architecture = name,
            Layers = metadata.GetInt32($"{name}.block_count", 1, 1 << 12),
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = metadata.GetInt32($"{name}.attention.head_count_kv", heads, 1, heads),
            HeadSize = headSize,
            FeedForwardSize = metadata.GetInt32($"{name}.feed_forward_length", 1, 1 << 24),
            VocabularySize = metadata.GetStrings(Tokens).Count,
            ContextLength = context,
            SlidingWindow = SlidingWindow(metadata, name),
            RopeBase = Positive(metadata, $"{name}.rope.freq_base", DefaultRopeBase),
            RopeFrequencyFactors = RopeFrequencyFactors(file, headSize),
            RmsEpsilon = Positive(metadata, $"{name}.attention.layer_norm_rms_epsilon", null),
            TiedEmbedding = !file.Tensors.ContainsKey(GgufTensorNames.Head),
            QkvBias = architecture.QkvBias,
            QueryKeyNorm = architecture.QueryKeyNorm,
            EndOfTurnTokens = EndOfTurnTokens(metadata),
        };
        CheckAttention(metadata, description);
        CheckTensors(file, description);
        return description;
    }

    private static float Positive(GgufMetadata metadata, string key, float? absent)
    {
        var value = absent is { } known && !metadata.Contains(key) ? known : metadata.GetSingle(key);
        return value > 0 ? value : throw metadata.Wrong(key, $"{value}", "a positive number");
    }

    private static int? SlidingWindow(GgufMetadata metadata, string architecture)
    {
        var window = metadata.GetInt32($"{architecture}.attention.sliding_window", 0, 0, int.MaxValue);
        return window > 0 ? window : null;
    }

    /// <summary>Llama 3.1's stretched rotary embedding: one divisor for each frequency, as the converter computed them.</summary>
    private static float[]? RopeFrequencyFactors(GgufFile file, int headSize)
    {
        if (!file.Tensors.TryGetValue(GgufTensorNames.RopeFactors, out var tensor))
        {
            return null;
        }

        if (tensor.Type != GgufTensorType.F32 || tensor.Shape.Count != 1 || tensor.Columns != headSize / 2)
        {
            throw new ModelFormatException(tensor.FilePath, $"tensor '{tensor.Name}'",
                $"{tensor.Type} of shape [{string.Join(", ", tensor.Shape)}]", $"F32 of shape [{headSize / 2}], half the head size");
        }

        var factors = tensor.ToFloats();
        return Array.TrueForAll(factors, factor => factor > 0 && float.IsFinite(factor))
            ? factors
            : throw new ModelFormatException($"{tensor.FilePath}: tensor '{tensor.Name}' has an element that is not positive and finite");
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
        var name = description.Architecture;
        if (description.Heads % description.KeyValueHeads != 0)
        {
            throw metadata.Wrong($"{name}.attention.head_count_kv", $"{description.KeyValueHeads}",
                $"a divisor of the {description.Heads} heads");
        }

        if (description.HeadSize % 2 != 0)
        {
            throw metadata.Wrong("head size", $"{description.HeadSize}", "an even number, for rotary embedding");
        }

        foreach (var key in new[] { $"{name}.rope.dimension_count", $"{name}.attention.value_length" })
        {
            if (metadata.GetInt32(key, description.HeadSize, 1, int.MaxValue) is var size && size != description.HeadSize)
            {
                throw metadata.Wrong(key, $"{size}", $"{description.HeadSize}, the head size");
            }
        }

        if (metadata.GetInt32($"{name}.expert_count", 0, 0, int.MaxValue) is > 0 and var experts)
        {
            throw metadata.Wrong($"{name}.expert_count", $"{experts}", "0: mixtures of experts are not known");
        }

        var scaling = $"{name}.rope.scaling.type";
        var type = metadata.Contains(scaling) ? metadata.GetString(scaling) : null;
        if (type is not (null or "none"))
        {
            throw metadata.Wrong(scaling, $"'{type}'", "none: of stretched rotary embeddings only llama3's is known");
        }

        // Without a type, a factor means a linear stretch; the second key is its older name.
        foreach (var key in new[] { $"{name}.rope.scaling.factor", $"{name}.rope.scale_linear" })
        {
            if (type is null && metadata.Contains(key) && metadata.GetSingle(key) is var factor and not (0 or 1))
            {
                throw metadata.Wrong(key, $"{factor}", "1: linearly stretched rotary embeddings are not known");
            }
        }
    }

    private static void CheckTensors(GgufFile file, ModelDescription description)
    {
        var known = new HashSet<string>(StringComparer.Ordinal) { GgufTensorNames.RopeFactors };
        foreach (var (name, shape) in HuggingFaceTensors.Expected(description))
        {
            var tensor = file.GetTensor(GgufTensorNames.Find(name)!);
            known.Add(tensor.Name);
            if (!shape.AsSpan().SequenceEqual([.. tensor.Shape]))
            {
                throw new ModelFormatException(tensor.FilePath, $"shape of tensor '{tensor.Name}'",
                    $"[{string.Join(", ", tensor.Shape)}]", $"[{string.Join(", ", shape)}]");
            }

            if (!Dequantization.Known.Contains(tensor.Type))
            {
                throw new ModelFormatException(tensor.FilePath, $"type of tensor '{tensor.Name}'", $"{tensor.Type}",
                    $"one of {string.Join(", ", Dequantization.Known)}");
            }
        }

        // A weight that nobody reads, such as another bias, would make it another model.
        if (file.Tensors.Values.FirstOrDefault(tensor => !known.Contains(tensor.Name)) is { } unknown)
        {
            throw new ModelFormatException(unknown.FilePath, $"tensor '{unknown.Name}'", "not known",
                $"those of architecture {description.Architecture} alone");
        }
    }
}
