using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace O1Coder.Models;

/// <summary>
/// An adapter's folder in PEFT's format: adapter_config.json, and adapter_model.safetensors with tensors such as
/// <c>base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight</c>, in F32, F16 or BF16; F32 is written.
/// </summary>
public static partial class PeftFolder
{
    /// <summary>The configuration's file name.</summary>
    public const string ConfigName = "adapter_config.json";

    /// <summary>The weights' file name.</summary>
    public const string WeightsName = "adapter_model.safetensors";

    /// <summary>Reads an adapter and checks that it fits a model.</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ModelFormatException">
    /// A file is missing, cut short or not valid, it is no LoRA adapter or uses what is not known, it is another model's, or a
    /// weight is not finite; one line says which and how.
    /// </exception>
    public static LoraAdapter Read(string folder, ModelDescription model)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(model);
        if (!Directory.Exists(folder))
        {
            throw new ModelFormatException($"no such adapter folder: {Path.GetFullPath(folder)}");
        }

        var configPath = Path.Combine(folder, ConfigName);
        var content = JsonFile.ReadBytes(configPath);
        var config = PeftConfig.Parse(configPath, content, model);
        using var file = SafetensorsFile.Open(Path.Combine(folder, WeightsName));
        var matrices = ReadMatrices(file, config, model);
        RequireComplete(file, config, model, matrices);
        return new LoraAdapter(
            config.Rank, config.Alpha, config.RankStabilized, matrices, MakeVersion(SHA256.HashData(content), file.Sha256()));
    }

    /// <summary>
    /// Writes an adapter; a folder that is there gets both files anew. Each is written beside its place, flushed and renamed, and
    /// the configuration is absent while the weights are exchanged: two versions are never mixed.
    /// </summary>
    /// <param name="folder">The folder; made if it is not there.</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="baseModelName">The name of the model that it changes.</param>
    /// <returns>The adapter with its version.</returns>
    /// <exception cref="ArgumentException">A projection is adapted in some layers only.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written; what was there is whole.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static LoraAdapter Write(string folder, LoraAdapter adapter, string baseModelName)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(baseModelName);
        Directory.CreateDirectory(folder);
        RequireRegular(adapter);
        var content = PeftConfig.Write(adapter, baseModelName);
        var mark = Guid.NewGuid().ToString("n");
        var stagedWeights = Path.Combine(folder, $"{WeightsName}.{mark}.tmp");
        var stagedConfig = Path.Combine(folder, $"{ConfigName}.{mark}.tmp");
        try
        {
            var weights = SafetensorsWriter.Write(stagedWeights, Tensors(adapter));
            var config = AtomicFile.Write(stagedConfig, stream => stream.Write(content));
            File.Delete(Path.Combine(folder, ConfigName));
            File.Move(stagedWeights, Path.Combine(folder, WeightsName), overwrite: true);
            File.Move(stagedConfig, Path.Combine(folder, ConfigName));
            return new LoraAdapter(
                adapter.Rank, adapter.Alpha, adapter.RankStabilized, adapter.Matrices, MakeVersion(config, weights));
        }
        catch
        {
            File.Delete(stagedWeights);
            File.Delete(stagedConfig);
            throw;
        }
    }

    /// <summary>PEFT expects factors of every target in every layer.</summary>
    private static void RequireRegular(LoraAdapter adapter)
    {
        var layers = adapter.Matrices.Keys.Max(key => key.Layer) + 1;
        if (adapter.Matrices.Count != layers * adapter.Targets.Count)
        {
            throw new ArgumentException(
                $"the adapter has {adapter.Matrices.Count} pairs: expected one for each of {adapter.Targets.Count} projections in {layers} layers",
                nameof(adapter));
        }
    }

    private static string MakeVersion(byte[] config, byte[] weights) =>
        Convert.ToHexStringLower(SHA256.HashData([.. config, .. weights]))[..16];

    private static IEnumerable<(string Name, long[] Shape, float[] Elements)> Tensors(LoraAdapter adapter)
    {
        foreach (var (key, pair) in adapter.Matrices.OrderBy(entry => entry.Key.Layer).ThenBy(entry => entry.Key.Projection))
        {
            yield return (TensorName(key, 'A'), [adapter.Rank, pair.A.Length / adapter.Rank], pair.A);
            yield return (TensorName(key, 'B'), [pair.B.Length / adapter.Rank, adapter.Rank], pair.B);
        }
    }

    private static string TensorName(LoraKey key, char factor) =>
        $"base_model.model.model.layers.{key.Layer}.{key.Projection.ModulePath()}.lora_{factor}.weight";

    private static Dictionary<LoraKey, LoraMatrices> ReadMatrices(SafetensorsFile file, PeftConfig config, ModelDescription model)
    {
        var matrices = new Dictionary<LoraKey, LoraMatrices>();
        foreach (var name in file.Tensors.Keys)
        {
            var match = TensorPattern().Match(name);
            if (!match.Success || ProjectionNames.Find(match.Groups["module"].Value) is not { } projection || !config.Targets.Contains(projection))
            {
                throw new ModelFormatException(
                    file.FilePath, "a tensor", $"'{name}'", "lora_A and lora_B of the target_modules that adapter_config.json names");
            }

            if (!int.TryParse(match.Groups["layer"].ValueSpan, out var layer) || layer >= model.Layers)
            {
                throw new ModelFormatException(
                    file.FilePath, "a tensor", $"'{name}'", $"one of the model's {model.Layers} layers: it is another model's adapter");
            }

            var key = new LoraKey(layer, projection);
            if (!matrices.ContainsKey(key))
            {
                matrices.Add(key, new LoraMatrices(
                    ReadFactor(file, TensorName(key, 'A'), config.Rank, model.InputSize(projection)),
                    ReadFactor(file, TensorName(key, 'B'), model.OutputSize(projection), config.Rank)));
            }
        }

        return matrices;
    }

    private static float[] ReadFactor(SafetensorsFile file, string name, int rows, int columns)
    {
        var tensor = file.GetTensor(name);
        if (tensor.Shape is not [var first, var second] || first != rows || second != columns)
        {
            throw new ModelFormatException(file.FilePath, $"shape of tensor '{name}'", $"[{string.Join(", ", tensor.Shape)}]",
                $"[{rows}, {columns}], by r in {ConfigName} and the model: another rank or another model's adapter");
        }

        var elements = tensor.ToFloats();
        var wrong = Array.FindIndex(elements, element => !float.IsFinite(element));
        return wrong < 0
            ? elements
            : throw new ModelFormatException(file.FilePath, $"tensor '{name}' at element {wrong}", $"{elements[wrong]}", "a finite number");
    }

    private static void RequireComplete(
        SafetensorsFile file, PeftConfig config, ModelDescription model, Dictionary<LoraKey, LoraMatrices> matrices)
    {
        if (matrices.Count == 0)
        {
            throw new ModelFormatException(file.FilePath, "number of tensors", "0", "at least lora_A and lora_B of one projection");
        }

        foreach (var layer in config.Complete ? config.Layers ?? [.. Enumerable.Range(0, model.Layers)] : [])
        {
            foreach (var target in config.Targets)
            {
                if (!matrices.ContainsKey(new LoraKey(layer, target)))
                {
                    throw new ModelFormatException(file.FilePath, $"tensor '{TensorName(new LoraKey(layer, target), 'A')}'", "missing",
                        $"the factors of every target in every layer: cut short, or another model's adapter");
                }
            }
        }
    }

    [GeneratedRegex(@"^base_model\.model\.model\.layers\.(?<layer>\d{1,5})\.(?<module>(self_attn|mlp)\.\w+)\.lora_[AB]\.weight$", RegexOptions.CultureInvariant)]
    private static partial Regex TensorPattern();
}
