namespace O1Coder.Problems.DataSets;

/// <summary>
/// Writes a file so that its name always stands for a whole one: into a temporary file beside it, flushed to the disk and
/// then renamed. Without <see cref="Commit"/> nothing that was there is changed.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private bool _isOpen = true;

    /// <summary>Opens the temporary file; the folder is made where it is missing.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public AtomicFile(string path)
    {
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
        {
            throw new IOException($"{path} is a folder; expected the name of a file");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _temporary = $"{_path}.{Guid.NewGuid():N}.tmp";
        Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024);
    }

    /// <summary>Where to write.</summary>
    public FileStream Stream { get; }

    /// <summary>Makes what was written the file.</summary>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _isOpen = false;
    }

    /// <summary>Drops what was written, unless it was committed.</summary>
    public void Dispose()
    {
        if (!_isOpen)
        {
            return;
        }

        _isOpen = false;
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // A full disk: the last bytes cannot be written, and they are not wanted.
        }
        finally
        {
            File.Delete(_temporary);
        }
    }
}
