using System.Text.Json;

namespace O1Coder.Models;

/// <summary>
/// A Hugging Face model folder: config.json of a known architecture, and model.safetensors or the shards that
/// model.safetensors.index.json lists. The files are mapped and must not be changed while open.
/// </summary>
public sealed class HuggingFaceFolder : IWeights
{
    private const string SingleName = "model.safetensors";
    private const string IndexName = "model.safetensors.index.json";

    /// <summary>The tokenizer's file.</summary>
    internal const string TokenizerName = "tokenizer.json";

    private readonly string _folder;
    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, SafetensorsTensor> _tensors = new(StringComparer.Ordinal);

    private HuggingFaceFolder(string folder)
    {
        _folder = folder;
        Description = HuggingFaceConfig.Read(folder);
        try
        {
            OpenFiles();
            CheckTensors();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public ModelDescription Description { get; }

    /// <summary>Opens a folder and checks that every tensor is there in the shape that config.json implies.</summary>
    /// <exception cref="ModelFormatException">
    /// A file is missing or not valid, the architecture or one of its settings is not known, or a tensor is missing or has
    /// another shape or type.
    /// </exception>
    public static HuggingFaceFolder Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Directory.Exists(folder)
            ? new HuggingFaceFolder(folder)
            : throw new ModelFormatException($"no such model folder: {Path.GetFullPath(folder)}");
    }

    /// <summary>Whether a folder looks like one of these.</summary>
    public static bool IsOne(string folder) => File.Exists(Path.Combine(folder, HuggingFaceConfig.FileName)) &&
        (File.Exists(Path.Combine(folder, SingleName)) || File.Exists(Path.Combine(folder, IndexName)));

    /// <summary>The files of a folder that make the model what it is, by name; of the shards those that are listed.</summary>
    /// <exception cref="ModelFormatException">The list of shards is not valid.</exception>
    internal static IReadOnlyList<string> Files(string folder)
    {
        var sharded = !File.Exists(Path.Combine(folder, SingleName));
        IEnumerable<string> names =
        [
            HuggingFaceConfig.FileName, HuggingFaceConfig.GenerationName, TokenizerName, HuggingFaceTemplate.ConfigName, HuggingFaceTemplate.TemplateName,
            .. sharded ? ReadIndex(Path.Combine(folder, IndexName)).Select(entry => entry.File).Append(IndexName).Distinct() : [SingleName],
        ];
        return [.. names.Order(StringComparer.Ordinal).Select(name => Path.Combine(folder, name)).Where(File.Exists)];
    }

    /// <inheritdoc />
    public IReadOnlyList<long> Shape(string name) => Find(name).Shape;

    /// <inheritdoc />
    public float[] Read(string name) => Find(name).ToFloats();

    /// <inheritdoc />
    public void Read(string name, Span<float> destination)
    {
        var tensor = Find(name);
        WeightArguments.RequireLength(name, tensor.ElementCount, destination.Length);
        tensor.Read(0, destination);
    }

    /// <inheritdoc />
    public void ReadRows(string name, long firstRow, Span<float> destination)
    {
        var tensor = Find(name);
        WeightArguments.RequireRows(name, tensor.Shape, firstRow, destination.Length);
        tensor.Read(firstRow * tensor.Shape[^1], destination);
    }

    /// <inheritdoc />
    public GgufTensorType StoredType(string name) => Find(name).FloatType;

    /// <inheritdoc />
    public void ReadStored(string name, long firstRow, Span<byte> destination)
    {
        var tensor = Find(name);
        var bytes = tensor.Shape[^1] * tensor.FloatType.BlockBytes();
        WeightArguments.RequireRowBytes(name, tensor.Shape, bytes, firstRow, destination.Length);
        tensor.Copy(firstRow * bytes, destination);
    }

    /// <inheritdoc />
    public void Release(string name) => Find(name).Release();

    /// <inheritdoc />
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private SafetensorsTensor Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _tensors.TryGetValue(name, out var tensor)
            ? tensor
            : throw new ModelFormatException(_folder, $"tensor '{name}'", "missing", $"one of the {_tensors.Count} tensors");
    }

    private void OpenFiles()
    {
        var index = Path.Combine(_folder, IndexName);
        if (File.Exists(Path.Combine(_folder, SingleName)) || !File.Exists(index))
        {
            Add(SingleName, null);
            return;
        }

        foreach (var shard in ReadIndex(index).GroupBy(entry => entry.File, entry => entry.Tensor))
        {
            Add(shard.Key, [.. shard]);
        }
    }

    private void Add(string name, HashSet<string>? listed)
    {
        var file = SafetensorsFile.Open(Path.Combine(_folder, name));
        _files.Add(file);
        foreach (var tensor in listed ?? [.. file.Tensors.Keys])
        {
            _tensors.Add(tensor, file.GetTensor(tensor));
        }
    }

    /// <summary>Reads <c>{"weight_map": {"model.norm.weight": "model-00002-of-00002.safetensors", …}}</c>.</summary>
    private static List<(string Tensor, string File)> ReadIndex(string path)
    {
        using var document = JsonFile.Read(path);
        if (!document.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFormatException(path, "weight_map", "missing or no object", "a file's name for each tensor");
        }

        var entries = new List<(string Tensor, string File)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            var file = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
            if (file.Length == 0 || file != Path.GetFileName(file) || file is "." or "..")
            {
                throw new ModelFormatException(path, $"weight_map['{entry.Name}']", $"'{file}'", "the name of a file in the same folder");
            }

            if (!seen.Add(entry.Name))
            {
                throw new ModelFormatException($"{path}: weight_map['{entry.Name}'] appears twice");
            }

            entries.Add((entry.Name, file));
        }

        return entries;
    }

    private void CheckTensors()
    {
        foreach (var (name, shape) in HuggingFaceTensors.Expected(Description))
        {
            var tensor = Find(name);
            if (!shape.AsSpan().SequenceEqual([.. tensor.Shape]))
            {
                throw new ModelFormatException(_folder, $"shape of tensor '{name}'", $"[{string.Join(", ", tensor.Shape)}]",
                    $"[{string.Join(", ", shape)}], as {HuggingFaceConfig.FileName} implies");
            }

            if (tensor.Type is not (SafetensorsType.F32 or SafetensorsType.F16 or SafetensorsType.BF16))
            {
                throw new ModelFormatException(_folder, $"dtype of tensor '{name}'", $"{tensor.Type}", "F32, F16 or BF16");
            }
        }
    }
}
