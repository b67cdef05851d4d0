namespace O1Coder.Models;

/// <summary>One tensor of a <see cref="GgufFile"/>; its bytes lie in the memory map and live as long as the file.</summary>
public sealed class GgufTensor
{
    private readonly GgufPart _part;
    private readonly long _start;

    internal GgufTensor(GgufPart part, string name, GgufTensorType type, IReadOnlyList<long> shape, long start, long bytes)
    {
        _part = part;
        _start = start;
        Name = name;
        Type = type;
        Shape = shape;
        ByteLength = bytes;
    }

    /// <summary>The name, for example <c>blk.0.attn_q.weight</c>.</summary>
    public string Name { get; }

    /// <summary>How elements are stored.</summary>
    public GgufTensorType Type { get; }

    /// <summary>Row-major, the reverse of the file's order: [rows, columns] of a matrix, [elements] of a vector.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Elements of one row: the last dimension.</summary>
    public long Columns => Shape[^1];

    /// <summary>Rows: the product of all dimensions but the last.</summary>
    public long Rows => ElementCount / Columns;

    /// <summary>All elements.</summary>
    public long ElementCount => ByteLength / Type.BlockBytes() * Type.BlockLength();

    /// <summary>All bytes.</summary>
    public long ByteLength { get; }

    /// <summary>Bytes of one row.</summary>
    public long RowBytes => Columns / Type.BlockLength() * Type.BlockBytes();

    /// <summary>The path of the part that holds the tensor.</summary>
    public string FilePath => _part.FilePath;

    /// <summary>Where the bytes lie in memory; valid until the file is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The file is disposed.</exception>
    public nint Address => _part.Address(_start);

    /// <summary>All bytes; valid until the file is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The file is disposed.</exception>
    /// <exception cref="InvalidOperationException">The tensor is too large for one span: read it by rows.</exception>
    public ReadOnlySpan<byte> Data => ByteLength <= int.MaxValue
        ? _part.Span(_start, (int)ByteLength)
        : throw new InvalidOperationException($"{Name} has {ByteLength} bytes, too many for one span: read it by rows");

    /// <summary>The bytes of one row; valid until the file is disposed.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is not in [0, <see cref="Rows"/>).</exception>
    /// <exception cref="ObjectDisposedException">The file is disposed.</exception>
    public ReadOnlySpan<byte> Row(long row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        return _part.Span(_start + (row * RowBytes), checked((int)RowBytes));
    }

    /// <summary>Gives back the memory that maps the bytes; whoever reads them again has them read from the file again.</summary>
    internal void Release() => _part.Release(_start, ByteLength);

    /// <summary>The bytes of neighbouring rows, which the caller has checked; valid until the file is disposed.</summary>
    internal ReadOnlySpan<byte> RowsAt(long first, int count) => _part.Span(_start + (first * RowBytes), checked((int)(count * RowBytes)));

    /// <summary>Turns one row into floats, <see cref="Columns"/> of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is not in [0, <see cref="Rows"/>).</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length than <see cref="Columns"/>.</exception>
    /// <exception cref="NotSupportedException">The type is none that <see cref="Dequantization.Known"/> lists.</exception>
    public void DequantizeRow(long row, Span<float> destination)
    {
        if (destination.Length != Columns)
        {
            throw new ArgumentException(
                $"{Name} has rows of {Columns}, the destination has {destination.Length}", nameof(destination));
        }

        Dequantization.Decode(Type, Row(row), destination);
    }

    /// <summary>Turns the whole tensor into floats, row-major; meant for norms, biases and tests.</summary>
    /// <exception cref="NotSupportedException">The type is none that <see cref="Dequantization.Known"/> lists.</exception>
    /// <exception cref="InvalidOperationException">The tensor is too large for one span.</exception>
    public float[] ToFloats()
    {
        var data = Data;
        var floats = new float[ElementCount];
        Dequantization.Decode(Type, data, floats);
        return floats;
    }
}
