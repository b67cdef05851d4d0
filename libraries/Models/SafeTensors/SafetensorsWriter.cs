using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace O1Coder.Models;

/// <summary>Writes tensors in single precision as a safetensors file.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>
    /// Writes a file: to a temporary one beside it, flushed to the disk, then renamed; what was there stays whole until then.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Name, shape (row-major) and elements, in the order in which they are laid down.</param>
    /// <param name="metadata">The header's own texts; null for <c>format: pt</c>.</param>
    /// <returns>SHA-256 of what was written.</returns>
    /// <exception cref="ArgumentException">A shape does not fit its elements, or a name appears twice or is reserved.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public static byte[] Write(
        string path, IEnumerable<(string Name, long[] Shape, float[] Elements)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var list = tensors.ToList();
        CheckTensors(list);
        return AtomicFile.Write(path, stream =>
        {
            stream.Write(Header(list, metadata ?? new Dictionary<string, string> { ["format"] = "pt" }));
            foreach (var (_, _, elements) in list)
            {
                stream.Write(MemoryMarshal.AsBytes<float>(elements));
            }
        });
    }

    private static void CheckTensors(List<(string Name, long[] Shape, float[] Elements)> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsFile.MetadataKey };
        foreach (var (name, shape, elements) in tensors)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"tensor '{name}' appears twice or has a reserved name", nameof(tensors));
            }

            if (shape.Aggregate(1L, (product, dimension) => checked(product * dimension)) != elements.Length)
            {
                throw new ArgumentException(
                    $"tensor '{name}' has {elements.Length} elements: expected those of shape [{string.Join(", ", shape)}]", nameof(tensors));
            }
        }
    }

    private static byte[] Header(List<(string Name, long[] Shape, float[] Elements)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(SafetensorsFile.MetadataKey);
            foreach (var (key, value) in metadata)
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
            var begin = 0L;
            foreach (var (name, shape, elements) in tensors)
            {
                var end = begin + ((long)elements.Length * sizeof(float));
                writer.WriteStartObject(name);
                writer.WriteString("dtype", nameof(SafetensorsType.F32));
                WriteNumbers(writer, "shape", shape);
                WriteNumbers(writer, "data_offsets", begin, end);
                writer.WriteEndObject();
                begin = end;
            }

            writer.WriteEndObject();
        }

        // Spaces after the JSON bring the data to a multiple of 8 bytes, as the format's own writer does.
        var length = (json.WrittenCount + Alignment - 1) / Alignment * Alignment;
        var header = new byte[sizeof(ulong) + length];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        json.WrittenSpan.CopyTo(header.AsSpan(sizeof(ulong)));
        return header;
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, params ReadOnlySpan<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}
