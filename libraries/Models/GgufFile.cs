using System.Globalization;
using System.Text.RegularExpressions;

namespace O1Coder.Models;

/// <summary>
/// A GGUF model, memory-mapped, in one file or in the parts that llama.cpp's <c>gguf-split</c> makes
/// (<c>NAME-00001-of-00003.gguf</c>). Format versions 2 and 3, little endian. The files must not be changed while open.
/// </summary>
public sealed partial class GgufFile : IDisposable
{
    private const string SplitNumber = "split.no";
    private const string SplitCount = "split.count";
    private const string SplitTensors = "split.tensors.count";

    private readonly GgufPart[] _parts;

    private GgufFile(GgufPart[] parts, Dictionary<string, GgufTensor> tensors)
    {
        _parts = parts;
        Tensors = tensors;
    }

    /// <summary>The paths of the parts in order.</summary>
    public IReadOnlyList<string> Paths => [.. _parts.Select(part => part.FilePath)];

    /// <summary>The model's metadata; of several parts the first one's.</summary>
    public GgufMetadata Metadata => _parts[0].Metadata;

    /// <summary>All tensors of all parts by name.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors { get; }

    /// <summary>Opens the model that a file holds or begins; the other parts are looked for beside it.</summary>
    /// <exception cref="ModelFormatException">A part is missing or is no valid GGUF file.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Open(FindParts(path));
    }

    /// <summary>Opens a model by the paths of all its parts in order.</summary>
    /// <exception cref="ModelFormatException">A part is missing, is no valid GGUF file, or does not belong there.</exception>
    public static GgufFile Open(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count);
        var parts = new GgufPart[paths.Count];
        try
        {
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i] = GgufPart.Open(paths[i]);
            }

            return new GgufFile(parts, Join(parts));
        }
        catch
        {
            Array.ForEach(parts, part => part?.Dispose());
            throw;
        }
    }

    /// <summary>The paths of all parts of the model that <paramref name="path"/> belongs to, found by name.</summary>
    /// <exception cref="ModelFormatException">A part is missing; the message names it.</exception>
    public static IReadOnlyList<string> FindParts(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var match = PartName().Match(Path.GetFileName(path));
        if (!match.Success)
        {
            return File.Exists(path) ? [path] : throw new ModelFormatException($"missing {Path.GetFileName(path)} in {folder}");
        }

        var count = int.Parse(match.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        var paths = new List<string>();
        for (var number = 1; number <= count; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{match.Groups["name"]}-{number:d5}-of-{count:d5}.gguf");
            if (!File.Exists(Path.Combine(folder, name)))
            {
                throw new ModelFormatException($"missing {name} (part {number} of {count}) in {folder}");
            }

            paths.Add(Path.Combine(folder, name));
        }

        return paths.Count > 0 ? paths : throw new ModelFormatException($"{path}: names a model of 0 parts: expected at least 1");
    }

    /// <summary>The model's name in a file's name: without folder, part number and ending.</summary>
    internal static string ModelName(string path) => PartName().Match(Path.GetFileName(path)) is { Success: true } match
        ? match.Groups["name"].Value
        : Path.GetFileNameWithoutExtension(path);

    /// <summary>A tensor that the model must have.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor.</exception>
    public GgufTensor GetTensor(string name) => Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new ModelFormatException(_parts[0].FilePath, $"tensor '{name}'", "missing", $"one of its {Tensors.Count} tensors");

    /// <inheritdoc />
    public void Dispose() => Array.ForEach(_parts, part => part.Dispose());

    private static Dictionary<string, GgufTensor> Join(GgufPart[] parts)
    {
        CheckSplit(parts);
        var tensors = new Dictionary<string, GgufTensor>(StringComparer.Ordinal);
        foreach (var tensor in parts.SelectMany(part => part.Tensors))
        {
            if (!tensors.TryAdd(tensor.Name, tensor))
            {
                throw new ModelFormatException($"{tensor.FilePath}: tensor '{tensor.Name}' appears twice");
            }
        }

        var first = parts[0].Metadata;
        if (first.Contains(SplitTensors) && first.GetInt32(SplitTensors) != tensors.Count)
        {
            throw first.Wrong(SplitTensors, $"{first.GetInt32(SplitTensors)}", $"{tensors.Count}, as many as the parts hold");
        }

        return tensors;
    }

    private static void CheckSplit(GgufPart[] parts)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            var metadata = parts[i].Metadata;
            var alone = parts.Length == 1 && !metadata.Contains(SplitCount);
            if (!alone && metadata.GetInt32(SplitCount) != parts.Length)
            {
                throw metadata.Wrong(SplitCount, $"{metadata.GetInt32(SplitCount)}", $"{parts.Length}, the number of files given");
            }

            if (!alone && metadata.GetInt32(SplitNumber) != i)
            {
                throw metadata.Wrong(SplitNumber, $"{metadata.GetInt32(SplitNumber)}", $"{i}, for it is file {i + 1} of {parts.Length}");
            }
        }
    }

    [GeneratedRegex(@"^(?<name>.+)-(?<number>\d{5})-of-(?<count>\d{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}
