using System.Security.Cryptography;
using System.Text;

namespace O1Coder.Sandbox.Languages;

/// <summary>One compiled program on disk, in a folder that only this service's user may enter.</summary>
internal sealed class CacheEntry
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private readonly byte[] _hash;

    private CacheEntry(CompileOutcome outcome, string folder)
    {
        (Outcome, Folder, _hash) = (outcome with { Files = [] }, folder, Hash(outcome.Files));
        Names = [.. outcome.Files.Select(file => (file.Name, file.IsExecutable))];
        Bytes = outcome.Files.Sum(file => (long)file.Content.Length) + Encoding.UTF8.GetByteCount(outcome.Log);
    }

    /// <summary>What the compiler came to; the files are on disk.</summary>
    public CompileOutcome Outcome { get; }

    /// <summary>The folder; not there where the compiler made nothing.</summary>
    public string Folder { get; }

    /// <summary>What it takes, bytes.</summary>
    public long Bytes { get; }

    /// <summary>Who uses it; guarded by the cache.</summary>
    public int Users { get; set; }

    /// <summary>Whether it can be found again; guarded by the cache.</summary>
    public bool IsKept { get; set; }

    private IReadOnlyList<(string Name, bool IsExecutable)> Names { get; }

    /// <summary>Writes the files into a folder beside the final one and renames it: whoever sees the folder sees all of it.</summary>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    /// <exception cref="InvalidDataException">A file's name leads out of the folder.</exception>
    public static CacheEntry Write(CompileOutcome outcome, string folder)
    {
        var entry = new CacheEntry(outcome, folder);
        if (outcome.Files.Count == 0)
        {
            return entry;
        }

        var made = folder + ".new";
        Directory.CreateDirectory(made, Readable | Executable);
        foreach (var file in outcome.Files)
        {
            var parts = file.Name.Split('/');
            if (parts.Any(part => part is "" or "." or ".." || part.Contains('\0', StringComparison.Ordinal)))
            {
                throw new InvalidDataException($"'{file.Name}' is no file name");
            }

            for (var count = 1; count < parts.Length; count++)
            {
                Directory.CreateDirectory(Path.Combine([made, .. parts[..count]]), Readable | Executable);
            }

            var path = Path.Combine([made, .. parts]);
            File.WriteAllBytes(path, file.Content);
            File.SetUnixFileMode(path, file.IsExecutable ? Readable | Executable : Readable);
        }

        Directory.Move(made, folder);
        return entry;
    }

    /// <summary>Whether the files are what was written.</summary>
    public bool IsIntact()
    {
        try
        {
            return Hash(Names.Select(item => new OutputFile(item.Name, item.IsExecutable, File.ReadAllBytes(Path.Combine(Folder, item.Name)))))
                .AsSpan().SequenceEqual(_hash);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes the files.</summary>
    public void Remove()
    {
        if (Names.Count > 0 && Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static byte[] Hash(IEnumerable<OutputFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            // With its length before each part, no two lists of files come to the same bytes.
            var name = Encoding.UTF8.GetBytes(file.Name);
            hash.AppendData(BitConverter.GetBytes(name.Length));
            hash.AppendData(name);
            hash.AppendData(BitConverter.GetBytes(file.Content.Length));
            hash.AppendData(file.Content);
        }

        return hash.GetHashAndReset();
    }
}
