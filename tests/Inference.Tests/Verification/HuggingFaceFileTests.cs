using System.Text.Json;
using System.Text.Json.Nodes;
using O1Coder.Inference.Verification;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Verification;

/// <summary>Hugging Face folders in shards, and of mistral with its window, on every back end and every kind of instructions.</summary>
public sealed class HuggingFaceFileTests : IDisposable
{
    private const int Window = 7;
    private const int Length = 30;

    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-hf-").FullName;

    private static string Llama { get; } = Path.Combine(Repository.Root, "tests", "Golden.Tests", "data", "tiny-llama");

    private static int[] Text { get; } = [.. Enumerable.Range(0, Length).Select(i => ((i * i * 37) + (11 * i) + 5) % 384)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_folder_in_shards_gives_the_logits_of_the_one_in_one_file()
    {
        Shard(_folder, 3);
        Assert.False(File.Exists(Path.Combine(_folder, "model.safetensors")));
        using var shards = LanguageModel.OpenWeights(_folder);
        using var one = LanguageModel.OpenWeights(Llama);
        foreach (var variant in EngineVariant.Runnable)
        {
            Assert.Equal(await LogitsAsync(variant, one, Text), await LogitsAsync(variant, shards, Text));
        }
    }

    // In one layer a token sees its window alone, and positions are seen as distances: so the text before the window may as well
    // not be there.
    [Fact]
    public async Task One_layer_of_mistral_knows_its_window_and_nothing_before_it()
    {
        Mistral(_folder, layers: 1);
        using var weights = LanguageModel.OpenWeights(_folder);
        Assert.Equal(("mistral", Window), (weights.Description.Architecture, weights.Description.SlidingWindow));
        foreach (var variant in EngineVariant.Runnable)
        {
            var whole = await LogitsAsync(variant, weights, Text);
            Assert.InRange(Difference(whole, await LogitsAsync(variant, weights, Text[^Window..])), 0, variant.Precision == Precision.Exact ? 1e-4 : 1e-3);
            Assert.InRange(Difference(whole, await LogitsAsync(variant, weights, Text[^(Window - 1)..])), 0.01, 100);
        }
    }

    [Fact]
    public async Task Two_layers_of_mistral_agree_with_the_decoder_in_doubles()
    {
        Mistral(_folder, layers: 2);
        using var weights = LanguageModel.OpenWeights(_folder);
        using var unbounded = LanguageModel.OpenWeights(Llama);
        var expected = new ReferenceModel(weights, null).LogProbabilities(Text)[^1];
        Assert.InRange(expected.Zip(new ReferenceModel(unbounded, null).LogProbabilities(Text)[^1], (a, b) => Math.Abs(a - b)).Max(), 0.01, 100);
        foreach (var variant in EngineVariant.Runnable)
        {
            var logits = await LogitsAsync(variant, weights, Text);
            var sum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
            Assert.InRange(expected.Zip(logits, (log, logit) => Math.Abs(log - (logit - sum))).Max(), 0, variant.Precision == Precision.Exact ? 1e-4 : 1e-3);
        }
    }

    private static double Difference(float[] some, float[] others) => some.Zip(others, (a, b) => Math.Abs((double)a - b)).Max();

    private static async Task<float[]> LogitsAsync(EngineVariant variant, IWeights weights, int[] tokens)
    {
        await using var model = MeasuredModel.Load(variant, weights, threads: 2, context: 64);
        return model.LastLogits(tokens);
    }

    // The reference folder's tensors in turn over so many files, with the index that finds them.
    private static void Shard(string folder, int count)
    {
        File.Copy(Path.Combine(Llama, "config.json"), Path.Combine(folder, "config.json"));
        using var whole = SafetensorsFile.Open(Path.Combine(Llama, "model.safetensors"));
        var map = new Dictionary<string, string>();
        foreach (var part in whole.Tensors.Values.Index().GroupBy(tensor => tensor.Index % count))
        {
            var name = $"model-0000{part.Key + 1}-of-0000{count}.safetensors";
            SafetensorsWriter.Write(Path.Combine(folder, name), part.Select(tensor => (tensor.Item.Name, tensor.Item.Shape.ToArray(), tensor.Item.ToFloats())));
            foreach (var (_, tensor) in part)
            {
                map.Add(tensor.Name, name);
            }
        }

        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), JsonSerializer.Serialize(new { weight_map = map }));
    }

    // Llama's tensors are mistral's; what differs is the window.
    private static void Mistral(string folder, int layers)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(Llama, "config.json")))!.AsObject();
        (config["model_type"], config["architectures"], config["num_hidden_layers"], config["sliding_window"]) =
            ("mistral", new JsonArray("MistralForCausalLM"), layers, Window);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        using var whole = SafetensorsFile.Open(Path.Combine(Llama, "model.safetensors"));
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), whole.Tensors.Values
            .Where(tensor => layers > 1 || !tensor.Name.Contains("layers.1.", StringComparison.Ordinal))
            .Select(tensor => (tensor.Name, tensor.Shape.ToArray(), tensor.ToFloats())));
    }
}
