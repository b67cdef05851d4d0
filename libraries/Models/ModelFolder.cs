using System.Security.Cryptography;

namespace O1Coder.Models;

/// <summary>A folder with one GGUF model, in one file or in parts, and SHA256SUMS as <c>sha256sum</c> writes it.</summary>
internal sealed class ModelFolder
{
    private const string SumsName = "SHA256SUMS";
    private const string Ending = ".gguf";
    private const int ChunkBytes = 1 << 20;
    private const int LongestSums = 1 << 20;

    private readonly List<byte[]> _hashes;

    private ModelFolder(string id, IReadOnlyList<string> paths, List<byte[]> hashes)
    {
        Id = id;
        Paths = paths;
        _hashes = hashes;
    }

    /// <summary>The model's name.</summary>
    public string Id { get; }

    /// <summary>The parts in order.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>SHA-256 over the parts' listed hashes, lower-case hexadecimal.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData([.. _hashes.SelectMany(hash => hash)]));

    /// <summary>Finds the model and reads SHA256SUMS.</summary>
    /// <exception cref="ModelFormatException">Folder, part, SHA256SUMS or a hash is missing, or there are several models.</exception>
    public static ModelFolder Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ModelFormatException($"no such model folder: {Path.GetFullPath(folder)}");
        }

        var sums = ReadSums(folder);

        // A part that is listed but absent counts too: it may be the first.
        var names = Directory.EnumerateFiles(folder, "*" + Ending).Select(path => Path.GetFileName(path)!)
            .Concat(sums.Keys.Where(name => name.EndsWith(Ending, StringComparison.Ordinal)))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var models = names.GroupBy(GgufFile.ModelName).ToList();
        if (models.Count != 1)
        {
            throw new ModelFormatException(folder, "number of models", $"{models.Count}", "1, as NAME.gguf or NAME-00001-of-0000N.gguf …");
        }

        var paths = GgufFile.FindParts(Path.Combine(folder, models[0].First()));
        var hashes = paths.Select(path => sums.TryGetValue(Path.GetFileName(path), out var hash)
            ? hash
            : throw new ModelFormatException($"{Path.Combine(folder, SumsName)}: has no line for {Path.GetFileName(path)}"));
        return new ModelFolder(models[0].Key, paths, [.. hashes]);
    }

    /// <summary>Compares every part with its hash, all at once.</summary>
    /// <exception cref="ModelFormatException">A hash differs or a part cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Verify(CancellationToken cancellationToken)
    {
        var failures = new ModelFormatException?[Paths.Count];
        Parallel.For(0, Paths.Count, new ParallelOptions { CancellationToken = cancellationToken }, part =>
        {
            try
            {
                var actual = HashFile(Paths[part], cancellationToken);
                failures[part] = actual.AsSpan().SequenceEqual(_hashes[part])
                    ? null
                    : new ModelFormatException(Paths[part], "sha256",
                        Convert.ToHexStringLower(actual), Convert.ToHexStringLower(_hashes[part]));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                failures[part] = new ModelFormatException($"{Paths[part]}: cannot be read: {exception.Message}", exception);
            }
        });

        if (failures.FirstOrDefault(failure => failure is not null) is { } first)
        {
            throw first;
        }
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

    private static Dictionary<string, byte[]> ReadSums(string folder)
    {
        var path = Path.Combine(folder, SumsName);
        if (!File.Exists(path))
        {
            throw new ModelFormatException($"missing {SumsName} in {folder}: make it there with 'sha256sum *{Ending} > {SumsName}'");
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
