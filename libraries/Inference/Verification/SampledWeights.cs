using O1Coder.Models;

namespace O1Coder.Inference.Verification;

/// <summary>A few rows of every matrix of a model, evenly spread, as if they were all: enough to see what a conversion loses.</summary>
/// <param name="all">The model; it stays the caller's.</param>
/// <param name="mostRows">Rows of a matrix at most.</param>
internal sealed class SampledWeights(IWeights all, int mostRows) : IWeights
{
    /// <inheritdoc/>
    public ModelDescription Description => all.Description;

    /// <inheritdoc/>
    public IReadOnlyList<long> Shape(string name) => all.Shape(name) is [var rows, var columns] ? [Math.Min(rows, mostRows), columns] : all.Shape(name);

    /// <inheritdoc/>
    public float[] Read(string name)
    {
        var elements = new float[Shape(name).Aggregate((product, size) => product * size)];
        ReadRows(name, 0, elements);
        return elements;
    }

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination) => ReadRows(name, 0, destination);

    /// <inheritdoc/>
    public void ReadRows(string name, long firstRow, Span<float> destination)
    {
        var columns = (int)all.Shape(name)[^1];
        for (var row = 0; row < destination.Length / columns; row++)
        {
            all.ReadRows(name, Place(name, firstRow + row), destination.Slice(row * columns, columns));
        }
    }

    /// <inheritdoc/>
    public GgufTensorType StoredType(string name) => all.StoredType(name);

    /// <inheritdoc/>
    public void ReadStored(string name, long firstRow, Span<byte> destination)
    {
        var type = all.StoredType(name);
        var bytes = (int)(all.Shape(name)[^1] / type.BlockLength() * type.BlockBytes());
        for (var row = 0; row < destination.Length / bytes; row++)
        {
            all.ReadStored(name, Place(name, firstRow + row), destination.Slice(row * bytes, bytes));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private long Place(string name, long row) => all.Shape(name) is [var rows, _] && rows > mostRows ? row * rows / mostRows : row;
}
