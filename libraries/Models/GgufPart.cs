namespace O1Coder.Models;

/// <summary>One memory-mapped GGUF file: header, metadata and tensors, all checked against the file's length.</summary>
internal sealed class GgufPart : IDisposable
{
    private const uint Magic = 0x46554747;
    private const uint BigEndianVersion = 0x03000000;
    private const int DefaultAlignment = 32;
    private const int MostDimensions = 4;

    // magic, version, tensor count, metadata count
    private const int HeaderBytes = 4 + 4 + 8 + 8;

    // name length, dimension count, one dimension, type, offset
    private const int LeastTensorBytes = 8 + 4 + 8 + 4 + 8;

    // key length, one byte of key, type, one byte of value
    private const int LeastKeyBytes = 8 + 1 + 4 + 1;

    private readonly MappedFile _map;

    private GgufPart(string path, MappedFile map) => (FilePath, _map) = (path, map);

    /// <summary>The file's path.</summary>
    public string FilePath { get; }

    /// <summary>The file's metadata.</summary>
    public GgufMetadata Metadata { get; private set; } = null!;

    /// <summary>The file's tensors in its order.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; private set; } = [];

    /// <summary>Maps and reads a file.</summary>
    /// <exception cref="ModelFormatException">The file is absent, cannot be read or is no valid GGUF file.</exception>
    public static GgufPart Open(string path)
    {
        var part = new GgufPart(path, MappedFile.Open(path, HeaderBytes));
        try
        {
            part.Read();
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>The address of a byte of the map.</summary>
    public nint Address(long offset) => _map.Address(offset);

    /// <summary>A stretch of the map, which was checked when the tensor that asks was made.</summary>
    public ReadOnlySpan<byte> Span(long offset, int length) => _map.Span(offset, length);

    /// <summary>Gives back the memory that maps such a stretch.</summary>
    public void Release(long offset, long length) => _map.Release(offset, length);

    /// <inheritdoc />
    public void Dispose() => _map.Dispose();

    private void Read()
    {
        // A header beyond 2 GiB is no model's: what the span cuts off is told as a truncated header.
        var reader = new GgufReader(FilePath, Span(0, (int)Math.Min(_map.Length, int.MaxValue)));
        var magic = reader.ReadUInt32("magic");
        if (magic != Magic)
        {
            throw new ModelFormatException(FilePath, "magic", $"0x{magic:x8}", $"0x{Magic:x8}, \"GGUF\"");
        }

        var version = reader.ReadUInt32("version");
        if (version is not (2 or 3))
        {
            throw new ModelFormatException(FilePath, "version",
                version >= BigEndianVersion - 0x01000000 ? $"0x{version:x8}, big endian" : $"{version}", "2 or 3, little endian");
        }

        var tensorCount = reader.ReadCount("tensor count", LeastTensorBytes);
        var keyCount = reader.ReadCount("metadata count", LeastKeyBytes);
        Metadata = ReadMetadata(ref reader, keyCount);

        var alignment = Metadata.GetInt32("general.alignment", DefaultAlignment, 1, 1 << 30);
        if (!System.Numerics.BitOperations.IsPow2(alignment))
        {
            throw new ModelFormatException(FilePath, "general.alignment", $"{alignment}", "a power of two");
        }

        Tensors = ReadTensors(ref reader, tensorCount, alignment);

        // Everything has been copied.
        _map.Release(0, reader.Position);
    }

    private GgufMetadata ReadMetadata(ref GgufReader reader, int count)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = reader.ReadName($"metadata key {i}");
            if (!values.TryAdd(key, reader.ReadValue(key)))
            {
                throw new ModelFormatException($"{FilePath}: metadata key '{key}' appears twice");
            }
        }

        return new GgufMetadata(FilePath, values);
    }

    private List<GgufTensor> ReadTensors(ref GgufReader reader, int count, int alignment)
    {
        var infos = new List<(string Name, GgufTensorType Type, long[] Shape, ulong Offset, ulong Bytes)>();
        for (var i = 0; i < count; i++)
        {
            infos.Add(ReadTensorInfo(ref reader, i, alignment));
        }

        var data = ((long)reader.Position + alignment - 1) / alignment * alignment;
        var available = (ulong)Math.Max(0, _map.Length - data);
        var end = 0UL;
        var before = "";
        foreach (var (name, _, _, offset, bytes) in infos.OrderBy(info => info.Offset))
        {
            if (offset > available || bytes > available - offset)
            {
                throw new ModelFormatException(FilePath, $"tensor '{name}'", $"{bytes} bytes at offset {offset}",
                    $"to lie within the {available} bytes of data that the file has");
            }

            if (offset < end)
            {
                throw new ModelFormatException($"{FilePath}: tensors '{before}' and '{name}' overlap");
            }

            (end, before) = (offset + bytes, name);
        }

        return [.. infos.Select(info =>
            new GgufTensor(this, info.Name, info.Type, info.Shape, data + (long)info.Offset, (long)info.Bytes))];
    }

    private (string Name, GgufTensorType Type, long[] Shape, ulong Offset, ulong Bytes) ReadTensorInfo(
        ref GgufReader reader, int index, int alignment)
    {
        var name = reader.ReadName($"name of tensor {index}");
        var dimensions = reader.ReadUInt32($"dimension count of tensor '{name}'");
        if (dimensions is 0 or > MostDimensions)
        {
            throw new ModelFormatException(FilePath, $"dimension count of tensor '{name}'", $"{dimensions}", $"1 to {MostDimensions}");
        }

        // The file has the fastest dimension first.
        var shape = new long[dimensions];
        UInt128 elements = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            var size = reader.ReadUInt64($"shape of tensor '{name}'");
            elements *= size;
            if (size is 0 or > int.MaxValue || elements > long.MaxValue)
            {
                throw new ModelFormatException(FilePath, $"dimension {shape.Length - 1 - i} of tensor '{name}'", $"{size}",
                    $"1 to {int.MaxValue} and fewer than 2^63 elements in all");
            }

            shape[i] = (long)size;
        }

        var type = (GgufTensorType)reader.ReadUInt32($"type of tensor '{name}'");
        if (!Enum.IsDefined(type))
        {
            throw new ModelFormatException(FilePath, $"type of tensor '{name}'", $"{(uint)type}",
                $"one of {string.Join(", ", Enum.GetValues<GgufTensorType>().Select(known => $"{(int)known} ({known})"))}");
        }

        if (shape[^1] % type.BlockLength() != 0)
        {
            throw new ModelFormatException(FilePath, $"row length of tensor '{name}'", $"{shape[^1]}",
                $"a multiple of {type.BlockLength()} for type {type}");
        }

        var offset = reader.ReadUInt64($"offset of tensor '{name}'");
        if (offset % (ulong)alignment != 0)
        {
            throw new ModelFormatException(FilePath, $"offset of tensor '{name}'", $"{offset}", $"a multiple of {alignment}");
        }

        var bytes = elements / (ulong)type.BlockLength() * (ulong)type.BlockBytes();
        if (bytes > (ulong)_map.Length)
        {
            throw new ModelFormatException(FilePath, $"tensor '{name}'", $"{bytes} bytes", $"at most the file's {_map.Length}");
        }

        return (name, type, shape, offset, (ulong)bytes);
    }
}
