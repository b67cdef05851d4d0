namespace O1Coder.Problems.DataSets;

/// <summary>A file of JSON objects, one a line or in one array.</summary>
internal sealed class JsonSink(string path, bool isArray) : IProblemSink
{
    private readonly AtomicFile _file = new(path);
    private bool _hasAny;

    public void Add(string id, byte[] text)
    {
        _file.Stream.Write(!isArray ? [] : _hasAny ? ",\n"u8 : "[\n"u8);
        _file.Stream.Write(text);
        _file.Stream.Write(isArray ? [] : "\n"u8);
        _hasAny = true;
    }

    public void Commit()
    {
        _file.Stream.Write(!isArray ? [] : _hasAny ? "\n]\n"u8 : "[]\n"u8);
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();
}
