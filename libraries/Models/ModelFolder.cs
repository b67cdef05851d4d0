using System.Security.Cryptography;

namespace O1Coder.Models;

/// <summary>Where a model's files are, and their hashes, as SHA256SUMS beside a GGUF file lists them or as they are.</summary>
internal sealed class ModelFolder
{
    private const string SumsName = "SHA256SUMS";
    private const string Ending = ".gguf";
    private const int ChunkBytes = 1 << 20;
    private const int LongestSums = 1 << 20;

    private readonly byte[][]? _listed;

    private ModelFolder(string path, string id, IReadOnlyList<string> paths, byte[][]? listed, bool isGguf) =>
        (Path, Id, Paths, _listed, IsGguf) = (path, id, paths, listed, isGguf);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The model's name.</summary>
    public string Id { get; }

    /// <summary>The parts of a GGUF file in order, or the files of a Hugging Face folder by name.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Whether the model is a GGUF file.</summary>
    public bool IsGguf { get; }

    /// <summary>Finds the model and reads SHA256SUMS if it is there.</summary>
    /// <param name="path">A folder that holds one model, or a GGUF file.</param>
    /// <exception cref="ModelFormatException">Folder, part or a listed hash is missing, or there are several models.</exception>
    public static ModelFolder Find(string path)
    {
        if (File.Exists(path))
        {
            var beside = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
            return OfGguf(beside, GgufFile.ModelName(path), GgufFile.FindParts(path), ReadSums(beside));
        }

        if (!Directory.Exists(path))
        {
            throw new ModelFormatException($"no such model folder: {System.IO.Path.GetFullPath(path)}");
        }

        if (HuggingFaceFolder.IsOne(path))
        {
            return new ModelFolder(path, new DirectoryInfo(path).Name, HuggingFaceFolder.Files(path), null, isGguf: false);
        }

        var sums = ReadSums(path);

        // A part that is listed but absent counts too: it may be the first.
        var names = Directory.EnumerateFiles(path, "*" + Ending).Select(file => System.IO.Path.GetFileName(file)!)
            .Concat((sums?.Keys ?? Enumerable.Empty<string>()).Where(name => name.EndsWith(Ending, StringComparison.Ordinal)))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var models = names.GroupBy(GgufFile.ModelName).ToList();
        return models.Count == 1
            ? OfGguf(path, models[0].Key, GgufFile.FindParts(System.IO.Path.Combine(path, models[0].First())), sums)
            : throw new ModelFormatException(path, "number of models", $"{models.Count}",
                "1, as NAME.gguf or NAME-00001-of-0000N.gguf … or as config.json and safetensors");
    }

    /// <summary>SHA-256 over the files' hashes, lower-case hexadecimal.</summary>
    /// <param name="verify">Whether files are compared with the hashes that are listed; without it those are taken as they are.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ModelFormatException">A hash differs or a file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public string Hash(bool verify, CancellationToken cancellationToken)
    {
        var hashes = _listed is null || verify ? HashFiles(cancellationToken) : _listed;
        return Convert.ToHexStringLower(SHA256.HashData([.. hashes.SelectMany(hash => hash)]));
    }

    private static ModelFolder OfGguf(string folder, string id, IReadOnlyList<string> paths, Dictionary<string, byte[]>? sums) =>
        new(folder, id, paths, sums is null ? null : [.. paths.Select(path => sums.TryGetValue(System.IO.Path.GetFileName(path), out var hash)
            ? hash
            : throw new ModelFormatException($"{System.IO.Path.Combine(folder, SumsName)}: has no line for {System.IO.Path.GetFileName(path)}"))], isGguf: true);

    /// <summary>Hashes every file, all at once, and compares where hashes are listed.</summary>
    private byte[][] HashFiles(CancellationToken cancellationToken)
    {
        var hashes = new byte[Paths.Count][];
        var failures = new ModelFormatException?[Paths.Count];
        Parallel.For(0, Paths.Count, new ParallelOptions { CancellationToken = cancellationToken }, part =>
        {
            try
            {
                hashes[part] = HashFile(Paths[part], cancellationToken);
                failures[part] = _listed is null || hashes[part].AsSpan().SequenceEqual(_listed[part])
                    ? null
                    : new ModelFormatException(Paths[part], "sha256",
                        Convert.ToHexStringLower(hashes[part]), Convert.ToHexStringLower(_listed[part]));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                failures[part] = new ModelFormatException($"{Paths[part]}: cannot be read: {exception.Message}", exception);
            }
        });

        return Array.Find(failures, failure => failure is not null) is { } first ? throw first : hashes;
    }

    private static byte[] HashFile(string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[ChunkBytes];
        for (var position = 0L; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(file, chunk, position);
            if (read == 0)
            {
                return hash.GetHashAndReset();
            }

            hash.AppendData(chunk.AsSpan(0, read));
            position += read;
        }
    }

    private static Dictionary<string, byte[]>? ReadSums(string folder)
    {
        var path = System.IO.Path.Combine(folder, SumsName);
        if (!File.Exists(path))
        {
            return null;
        }

        var length = new FileInfo(path).Length;
        if (length > LongestSums)
        {
            throw new ModelFormatException(path, "length", $"{length} bytes", $"at most {LongestSums}");
        }

        var sums = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            // HASH, space, space or '*', NAME
            var hash = new byte[SHA256.HashSizeInBytes];
            if (line.Length < 67 || line[64] != ' ' || line[65] is not (' ' or '*') ||
                Convert.FromHexString(line.AsSpan(0, 64), hash, out _, out _) != System.Buffers.OperationStatus.Done ||
                !sums.TryAdd(line[66..], hash))
            {
                throw new ModelFormatException(path, "a line", $"'{line}'", "64 hexadecimal digits, two spaces and a name, each name once");
            }
        }

        return sums;
    }
}
