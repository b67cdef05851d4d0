namespace O1Coder.Models;

/// <summary>Reads config.json of the known architectures, with the rotary settings in either spelling.</summary>
internal static class HuggingFaceConfig
{
    /// <summary>The file's name.</summary>
    public const string FileName = "config.json";

    /// <summary>The file that may name more tokens that end a turn.</summary>
    public const string GenerationName = "generation_config.json";

    /// <summary>Reads the description of the model in a folder.</summary>
    /// <exception cref="ModelFormatException">The file is missing or not valid, or it asks for what is not known.</exception>
    public static ModelDescription Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        using var document = JsonFile.Read(path);
        var fields = new JsonFields(path, document.RootElement);
        var architecture = Architecture.Find(fields.Text("model_type"), _ => true) ??
            throw fields.Wrong("model_type", $"one of {string.Join(", ", Architecture.Known.Select(known => known.Name))}");

        RefuseUnknown(fields);
        var hidden = fields.Number("hidden_size", 1, 1 << 20);
        var heads = fields.Number("num_attention_heads", 1, 1 << 14);
        var context = fields.Number("max_position_embeddings", 1, 1 << 26);
        var vocabulary = fields.Number("vocab_size", 1, 1 << 24);
        var (ropeBase, scaling) = ReadRope(fields);
        var description = new ModelDescription
        {
            Architecture = architecture.Name,
            Layers = fields.Number("num_hidden_layers", 1, 1 << 12),
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = fields.Number("num_key_value_heads", architecture.KeyValueHeads ?? heads, 1, heads),
            HeadSize = fields.Number("head_dim", architecture.HeadSize ?? Math.Max(1, hidden / heads), 1, 1 << 14),
            FeedForwardSize = fields.Number("intermediate_size", 1, 1 << 24),
            VocabularySize = vocabulary,
            ContextLength = context,
            SlidingWindow = SlidingWindow(fields, architecture),
            RopeBase = ropeBase,
            RopeScaling = scaling,
            RmsEpsilon = fields.Positive("rms_norm_eps", 1e-6f),
            TiedEmbedding = fields.Flag("tie_word_embeddings", false),
            QkvBias = architecture.QkvBias,
            QueryKeyNorm = architecture.QueryKeyNorm,
            EndOfTurnTokens = EndOfTurnTokens(folder, fields, vocabulary),
        };
        if (description.Heads % description.KeyValueHeads != 0)
        {
            throw fields.Wrong("num_key_value_heads", $"a divisor of the {description.Heads} heads");
        }

        return description.HeadSize % 2 == 0
            ? description
            : throw new ModelFormatException(path, "head size", $"{description.HeadSize}", "an even number, for rotary embedding");
    }

    /// <summary>The window of an architecture that has one in every layer; the others say so by use_sliding_window, which is refused.</summary>
    private static int? SlidingWindow(JsonFields fields, Architecture architecture) =>
        architecture.SlidingWindow is not { } absent ? null
        : !fields.Names("sliding_window") ? absent
        : fields.Has("sliding_window") ? fields.Number("sliding_window", 1, int.MaxValue)
        : null;

    private static void RefuseUnknown(JsonFields fields)
    {
        foreach (var (name, expected) in new[]
        {
            ("attention_bias", "false: a bias of all attention projections is not known"),
            ("mlp_bias", "false: a bias of the feed-forward part is not known"),
            ("use_sliding_window", "false: sliding windows are not known"),
            ("quantization_config", "nothing: quantised folders are not known"),
        })
        {
            if (fields.Says(name))
            {
                throw fields.Wrong(name, expected);
            }
        }

        if (fields.Text("hidden_act", "silu") != "silu")
        {
            throw fields.Wrong("hidden_act", "silu");
        }

        if (fields.Texts("layer_types").Any(type => type != "full_attention"))
        {
            throw fields.Wrong("layer_types", "full_attention alone");
        }
    }

    /// <summary>
    /// Reads either <c>"rope_theta": 1e6, "rope_scaling": null | {"rope_type": "llama3", "factor": 8, …}</c>, where older files say
    /// <c>type</c> for <c>rope_type</c>, or <c>"rope_parameters": {"rope_theta": 1e6, "rope_type": "default", …}</c>.
    /// </summary>
    private static (float Base, RopeScaling? Scaling) ReadRope(JsonFields fields)
    {
        const float DefaultBase = 10_000;
        var nested = fields.Has("rope_parameters");
        var rope = nested ? fields.Object("rope_parameters") : fields;
        var theta = nested && !rope.Has("rope_theta") ? fields.Positive("rope_theta", DefaultBase) : rope.Positive("rope_theta", DefaultBase);
        if (rope.Has("partial_rotary_factor") && rope.Positive("partial_rotary_factor") is not 1f)
        {
            throw rope.Wrong("partial_rotary_factor", "1: heads that are turned in part are not known");
        }

        if (!nested && !fields.Has("rope_scaling"))
        {
            return (theta, null);
        }

        var scaling = nested ? rope : fields.Object("rope_scaling");
        var typeName = scaling.Has("rope_type") || !scaling.Has("type") ? "rope_type" : "type";
        switch (scaling.Text(typeName, "default"))
        {
            case "default":
                return (theta, null);
            case "llama3":
                var low = scaling.Positive("low_freq_factor");
                var high = scaling.Positive("high_freq_factor");
                var factor = scaling.Positive("factor");
                return high > low && factor >= 1
                    ? (theta, new RopeScaling(factor, low, high, scaling.Number("original_max_position_embeddings", 1, 1 << 26)))
                    : throw (factor < 1 ? scaling.Wrong("factor", "at least 1") : scaling.Wrong("high_freq_factor", $"more than low_freq_factor, {low}"));
            default:
                throw scaling.Wrong(typeName, "default or llama3");
        }
    }

    private static int[] EndOfTurnTokens(string folder, JsonFields fields, int vocabulary)
    {
        var ends = new SortedSet<int>(fields.Numbers("eos_token_id", 0, vocabulary - 1));
        var path = Path.Combine(folder, GenerationName);
        if (File.Exists(path))
        {
            using var document = JsonFile.Read(path);
            ends.UnionWith(new JsonFields(path, document.RootElement).Numbers("eos_token_id", 0, vocabulary - 1));
        }

        return [.. ends];
    }
}
