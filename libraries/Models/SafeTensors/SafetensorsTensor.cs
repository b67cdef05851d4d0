namespace O1Coder.Models;

/// <summary>One tensor of a <see cref="SafetensorsFile"/>; its bytes lie in the memory map and live as long as the file.</summary>
public sealed class SafetensorsTensor
{
    private readonly MappedFile _map;
    private readonly string _path;
    private readonly long _start;
    private readonly int _elementBytes;

    internal SafetensorsTensor(MappedFile map, string path, string name, SafetensorsType type, IReadOnlyList<long> shape, long start, long bytes)
    {
        _map = map;
        _path = path;
        _start = start;
        _elementBytes = ElementBytes(type);
        Name = name;
        Type = type;
        Shape = shape;
        ByteLength = bytes;
    }

    /// <summary>The name, for example <c>model.layers.0.self_attn.q_proj.weight</c>.</summary>
    public string Name { get; }

    /// <summary>How elements are stored.</summary>
    public SafetensorsType Type { get; }

    /// <summary>Row-major: [rows, columns] of a matrix, [elements] of a vector, empty of a single number.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>All bytes.</summary>
    public long ByteLength { get; }

    /// <summary>All elements.</summary>
    public long ElementCount => ByteLength / _elementBytes;

    /// <summary>Gives back the memory that maps the bytes; whoever reads them again has them read from the file again.</summary>
    internal void Release() => _map.Release(_start, ByteLength);

    /// <summary>Turns elements into floats.</summary>
    /// <param name="first">The first element's row-major index.</param>
    /// <param name="destination">Takes as many as it holds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stretch is not within [0, <see cref="ElementCount"/>).</exception>
    /// <exception cref="ModelFormatException">The type is none of F32, F16, BF16.</exception>
    /// <exception cref="ObjectDisposedException">The file is disposed.</exception>
    public void Read(long first, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, ElementCount - destination.Length);
        var type = FloatType;

        // A span holds fewer than 2^31 bytes: long stretches are read piece by piece.
        const int Piece = 1 << 24;
        while (destination.Length > 0)
        {
            var count = Math.Min(Piece, destination.Length);
            Dequantization.Decode(type, _map.Span(_start + (first * _elementBytes), count * _elementBytes), destination[..count]);
            destination = destination[count..];
            first += count;
        }
    }

    /// <summary>How the elements are stored, where they are floats that this project reads.</summary>
    /// <exception cref="ModelFormatException">The type is none of F32, F16, BF16.</exception>
    internal GgufTensorType FloatType => Type switch
    {
        SafetensorsType.F32 => GgufTensorType.F32,
        SafetensorsType.F16 => GgufTensorType.F16,
        SafetensorsType.BF16 => GgufTensorType.BF16,
        _ => throw new ModelFormatException(_path, $"dtype of tensor '{Name}'", $"{Type}", "F32, F16 or BF16"),
    };

    /// <summary>Copies bytes as they are stored.</summary>
    /// <param name="first">The first byte, within the tensor.</param>
    /// <param name="destination">Takes as many as it holds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stretch is not within [0, <see cref="ByteLength"/>).</exception>
    /// <exception cref="ObjectDisposedException">The file is disposed.</exception>
    internal void Copy(long first, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, ByteLength - destination.Length);
        _map.Span(_start + first, destination.Length).CopyTo(destination);
    }

    /// <summary>Turns the whole tensor into floats, row-major.</summary>
    /// <exception cref="ModelFormatException">The type is none of F32, F16, BF16, or there are too many elements for one array.</exception>
    /// <exception cref="ObjectDisposedException">The file is disposed.</exception>
    public float[] ToFloats()
    {
        if (ElementCount > Array.MaxLength)
        {
            throw new ModelFormatException(_path, $"tensor '{Name}'", $"{ElementCount} elements long", $"at most {Array.MaxLength} for one array");
        }

        var floats = new float[ElementCount];
        Read(0, floats);
        return floats;
    }

    /// <summary>Bytes of one element.</summary>
    internal static int ElementBytes(SafetensorsType type) => type switch
    {
        <= SafetensorsType.F8_E4M3 => 1,
        <= SafetensorsType.BF16 => 2,
        <= SafetensorsType.F32 => 4,
        _ => 8,
    };
}
