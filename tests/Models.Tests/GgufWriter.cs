using System.Text;

namespace O1Coder.Models.Tests;

/// <summary>Writes small GGUF files, valid ones and, where a test overrides a part, others.</summary>
internal sealed class GgufWriter
{
    private readonly List<(string Key, object Value)> _metadata = [];
    private readonly List<(string Name, uint Type, ulong[] Dimensions, ulong? Offset, byte[] Data)> _tensors = [];

    public uint Magic { get; init; } = 0x46554747;

    public uint Version { get; init; } = 3;

    public ulong? TensorCount { get; init; }

    public ulong? MetadataCount { get; init; }

    public int Alignment { get; init; } = 32;

    public GgufWriter With(string key, object value)
    {
        _metadata.Add((key, value));
        return this;
    }

    public GgufWriter Without(string key)
    {
        _metadata.RemoveAll(entry => entry.Key == key);
        return this;
    }

    /// <summary>Adds a tensor; dimensions are in the file's order, the fastest first.</summary>
    public GgufWriter WithTensor(string name, GgufTensorType type, ulong[] dimensions, byte[] data, ulong? offset = null)
    {
        _tensors.Add((name, (uint)type, dimensions, offset, data));
        return this;
    }

    public GgufWriter WithoutTensor(string name)
    {
        _tensors.RemoveAll(tensor => tensor.Name == name);
        return this;
    }

    /// <summary>Adds a tensor of type F32 filled with one value.</summary>
    public GgufWriter WithFloats(string name, float value, params ulong[] dimensions)
    {
        var count = dimensions.Aggregate(1UL, (product, size) => product * size);
        return WithTensor(name, GgufTensorType.F32, dimensions,
            [.. Enumerable.Repeat(value, (int)count).SelectMany(BitConverter.GetBytes)]);
    }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(TensorCount ?? (ulong)_tensors.Count);
        writer.Write(MetadataCount ?? (ulong)_metadata.Count);
        foreach (var (key, value) in _metadata)
        {
            WriteString(writer, key);
            WriteValue(writer, value);
        }

        var next = 0UL;
        foreach (var (name, type, dimensions, offset, data) in _tensors)
        {
            WriteString(writer, name);
            writer.Write(dimensions.Length);
            Array.ForEach(dimensions, writer.Write);
            writer.Write(type);
            writer.Write(offset ?? next);
            next += (ulong)Padded(data.Length);
        }

        foreach (var (_, _, _, _, data) in _tensors)
        {
            writer.Write(new byte[Padded(stream.Position) - stream.Position]);
            writer.Write(data);
        }

        return stream.ToArray();
    }

    private static void WriteString(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte[] raw:
                // A type and a value as they are.
                writer.Write(raw);
                break;
            case string[] texts:
                writer.Write(9);
                writer.Write(8);
                writer.Write((ulong)texts.Length);
                Array.ForEach(texts, text => WriteString(writer, text));
                break;
            case int[] numbers:
                writer.Write(9);
                writer.Write(5);
                writer.Write((ulong)numbers.Length);
                Array.ForEach(numbers, writer.Write);
                break;
            case float[] numbers:
                writer.Write(9);
                writer.Write(6);
                writer.Write((ulong)numbers.Length);
                Array.ForEach(numbers, writer.Write);
                break;
            case string text:
                writer.Write(8);
                WriteString(writer, text);
                break;
            case bool flag:
                writer.Write(7);
                writer.Write(flag);
                break;
            case float number:
                writer.Write(6);
                writer.Write(number);
                break;
            case int number:
                writer.Write(5);
                writer.Write(number);
                break;
            case uint number:
                writer.Write(4);
                writer.Write(number);
                break;
            case ulong number:
                writer.Write(10);
                writer.Write(number);
                break;
            default:
                throw new ArgumentException($"no value type for {value.GetType()}", nameof(value));
        }
    }

    private long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;
}
