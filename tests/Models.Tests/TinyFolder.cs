using System.Text.Json.Nodes;

namespace O1Coder.Models.Tests;

/// <summary>Small Hugging Face folders of any known architecture with random weights.</summary>
internal static class TinyFolder
{
    /// <summary>Writes config.json and model.safetensors.</summary>
    public static string Write(string folder, string architecture, Action<JsonObject>? change = null)
    {
        Directory.CreateDirectory(folder);
        var config = new JsonObject
        {
            ["model_type"] = architecture,
            ["hidden_size"] = 32,
            ["num_attention_heads"] = 4,
            ["num_key_value_heads"] = 2,
            ["num_hidden_layers"] = 2,
            ["intermediate_size"] = 64,
            ["vocab_size"] = 300,
            ["max_position_embeddings"] = 8192,
            ["head_dim"] = 16,
            ["rms_norm_eps"] = 1e-6,
            ["tie_word_embeddings"] = true,
            ["eos_token_id"] = 2,
        };
        change?.Invoke(config);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        var random = new Random(9);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), HuggingFaceTensors.Expected(HuggingFaceConfig.Read(folder)).Select(
            tensor => (tensor.Name, tensor.Shape, Enumerable.Range(0, (int)tensor.Shape.Aggregate((all, one) => all * one)).Select(_ => random.NextSingle()).ToArray())));
        return folder;
    }
}
