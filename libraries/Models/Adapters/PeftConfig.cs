using System.Buffers;
using System.Text.Json;

namespace O1Coder.Models;

/// <summary>adapter_config.json: what is known of it, and how it is written.</summary>
/// <param name="Rank">r.</param>
/// <param name="Alpha">lora_alpha.</param>
/// <param name="RankStabilized">use_rslora.</param>
/// <param name="Targets">target_modules.</param>
/// <param name="Layers">layers_to_transform; null for all.</param>
/// <param name="Complete">Whether every target of every layer must be there: not where some are excluded.</param>
internal sealed record PeftConfig(
    int Rank, float Alpha, bool RankStabilized, IReadOnlyList<Projection> Targets, IReadOnlyList<int>? Layers, bool Complete)
{
    // Settings that change what an adapter computes, or what its files hold, in ways that are not known here.
    private static readonly string[] s_refused =
    [
        "rank_pattern", "alpha_pattern", "modules_to_save", "fan_in_fan_out", "use_dora", "lora_bias", "layer_replication",
        "target_parameters", "trainable_token_indices", "alora_invocation_tokens", "use_qalora", "use_bdlora", "arrow_config",
    ];

    /// <summary>Reads the file's content.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="model">The model that the adapter is for.</param>
    /// <exception cref="ModelFormatException">A field is missing or asks for what is not known.</exception>
    public static PeftConfig Parse(string path, byte[] content, ModelDescription model)
    {
        using var document = JsonFile.Parse(path, content);
        var fields = new JsonFields(path, document.RootElement);
        if (fields.Text("peft_type") != "LORA")
        {
            throw fields.Wrong("peft_type", "\"LORA\"");
        }

        foreach (var name in s_refused.Where(fields.Says))
        {
            throw fields.Wrong(name, "nothing: not known here");
        }

        if (fields.Text("bias", "none") != "none")
        {
            throw fields.Wrong("bias", "\"none\"");
        }

        return new PeftConfig(
            fields.Number("r", 1, LoraAdapter.MostRank),
            fields.Positive("lora_alpha"),
            fields.Flag("use_rslora", false),
            ReadTargets(fields),
            fields.Has("layers_to_transform") ? fields.Numbers("layers_to_transform", 0, model.Layers - 1) : null,
            !fields.Says("exclude_modules"));
    }

    /// <summary>Writes an adapter's configuration as PEFT reads it.</summary>
    public static byte[] Write(LoraAdapter adapter, string baseModelName)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteString("base_model_name_or_path", baseModelName);
            writer.WriteString("bias", "none");
            writer.WriteBoolean("fan_in_fan_out", false);
            writer.WriteBoolean("inference_mode", true);
            writer.WriteBoolean("init_lora_weights", true);
            writer.WriteNumber("lora_alpha", adapter.Alpha);
            writer.WriteNumber("lora_dropout", 0.0);
            writer.WriteNull("modules_to_save");
            writer.WriteString("peft_type", "LORA");
            writer.WriteNumber("r", adapter.Rank);
            writer.WriteStartArray("target_modules");
            foreach (var target in adapter.Targets)
            {
                writer.WriteStringValue(target.ModuleName());
            }

            writer.WriteEndArray();
            writer.WriteString("task_type", "CAUSAL_LM");
            writer.WriteBoolean("use_dora", false);
            writer.WriteBoolean("use_rslora", adapter.RankStabilized);
            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }

    private static Projection[] ReadTargets(JsonFields fields)
    {
        const string Name = "target_modules";
        var names = fields.Texts(Name);
        if (names is ["all-linear"])
        {
            return Enum.GetValues<Projection>();
        }

        var targets = names.Select(name => ProjectionNames.Find(name) ?? throw fields.Wrong(Name,
            $"names of {string.Join(", ", ProjectionNames.All)}: expressions and other modules are not known")).ToHashSet();
        return targets.Count > 0 ? [.. targets.Order()] : throw fields.Wrong(Name, "at least one module");
    }
}
