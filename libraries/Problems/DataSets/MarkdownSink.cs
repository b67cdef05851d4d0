namespace O1Coder.Problems.DataSets;

/// <summary>A folder of Markdown files, written beside its place and then renamed; an old one must be empty.</summary>
internal sealed class MarkdownSink : IProblemSink
{
    private readonly string _path;
    private readonly string _temporary;
    private bool _isOpen = true;

    public MarkdownSink(string path)
    {
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(_path))
        {
            throw new IOException($"{path} is a file; expected the name of a folder for Markdown");
        }

        if (Directory.Exists(_path) && Directory.EnumerateFileSystemEntries(_path).Any())
        {
            throw new IOException($"{path} is a folder that is not empty; expected a new one for Markdown");
        }

        _temporary = $"{_path}.{Guid.NewGuid():N}.tmp";
        Directory.CreateDirectory(_temporary);
    }

    public void Add(string id, byte[] text)
    {
        using var stream = new FileStream(Path.Combine(_temporary, $"{id}.md"), FileMode.CreateNew, FileAccess.Write);
        stream.Write(text);
        stream.Flush(flushToDisk: true);
    }

    public void Commit()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path); // Empty, or this fails and changes nothing.
        }

        Directory.Move(_temporary, _path);
        _isOpen = false;
    }

    public void Dispose()
    {
        if (_isOpen)
        {
            _isOpen = false;
            Directory.Delete(_temporary, recursive: true);
        }
    }
}
