namespace O1Coder.Models;

/// <summary>
/// The weights of a GGUF file under Hugging Face's names, dequantised when read. Where llama.cpp's converter has put the rows
/// of a head's queries and keys in pairs (llama), they are read in Hugging Face's order, as stored blocks too: whole rows
/// have moved.
/// </summary>
public sealed class GgufWeights : IWeights
{
    private readonly GgufFile _file;
    private readonly bool _leaveOpen;
    private readonly bool _pairedRows;

    /// <summary>Reads from an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="leaveOpen">Whether the file stays open when this is disposed.</param>
    /// <exception cref="ModelFormatException">The architecture is not known, or a tensor is missing or has another shape.</exception>
    public GgufWeights(GgufFile file, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(file);
        Description = ModelDescription.Read(file);
        _file = file;
        _leaveOpen = leaveOpen;
        _pairedRows = Architecture.Known.Single(known => known.Name == Description.Architecture).PairedRows;
    }

    /// <inheritdoc />
    public ModelDescription Description { get; }

    /// <inheritdoc />
    public IReadOnlyList<long> Shape(string name) => Find(name).Shape;

    /// <inheritdoc />
    public float[] Read(string name)
    {
        var tensor = Find(name);
        var elements = new float[tensor.ElementCount];
        ReadRows(name, 0, elements);
        return elements;
    }

    /// <inheritdoc />
    public void Read(string name, Span<float> destination)
    {
        WeightArguments.RequireLength(name, Find(name).ElementCount, destination.Length);
        ReadRows(name, 0, destination);
    }

    /// <inheritdoc />
    public void ReadRows(string name, long firstRow, Span<float> destination)
    {
        var tensor = Find(name);
        WeightArguments.RequireRows(name, tensor.Shape, firstRow, destination.Length);
        var columns = (int)tensor.Columns;
        for (var row = 0; row < destination.Length / columns; row++)
        {
            try
            {
                tensor.DequantizeRow(StoredRow(tensor, firstRow + row), destination.Slice(row * columns, columns));
            }
            catch (NotSupportedException exception)
            {
                throw new ModelFormatException($"{tensor.FilePath}: {exception.Message}", exception);
            }
        }
    }

    /// <inheritdoc />
    public GgufTensorType StoredType(string name) => Find(name).Type;

    /// <inheritdoc />
    public void ReadStored(string name, long firstRow, Span<byte> destination)
    {
        var tensor = Find(name);
        var bytes = (int)tensor.RowBytes;
        WeightArguments.RequireRowBytes(name, tensor.Shape, bytes, firstRow, destination.Length);
        if (!Moves(tensor))
        {
            tensor.RowsAt(firstRow, destination.Length / bytes).CopyTo(destination);
            return;
        }

        for (var row = 0; row < destination.Length / bytes; row++)
        {
            tensor.RowsAt(StoredRow(tensor, firstRow + row), 1).CopyTo(destination[(row * bytes)..]);
        }
    }

    /// <inheritdoc />
    public void Release(string name) => Find(name).Release();

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_leaveOpen)
        {
            _file.Dispose();
        }
    }

    /// <summary>Where the file has a row: of a head of width d, rows i and i + d/2 are its rows 2i and 2i + 1.</summary>
    private long StoredRow(GgufTensor tensor, long row)
    {
        if (!Moves(tensor))
        {
            return row;
        }

        var (size, half) = (Description.HeadSize, Description.HeadSize / 2);
        var place = row % size;
        return row - place + (place % half * 2) + (place / half);
    }

    private bool Moves(GgufTensor tensor) => _pairedRows && GgufTensorNames.IsQueryOrKey(tensor.Name);

    private GgufTensor Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _file.GetTensor(GgufTensorNames.Find(name) ?? throw new ModelFormatException(
            _file.Paths[0], $"tensor '{name}'", "not known", "a name as Hugging Face folders have it"));
    }
}
