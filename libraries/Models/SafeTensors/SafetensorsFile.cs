using System.Buffers.Binary;
using System.Text.Json;

namespace O1Coder.Models;

/// <summary>
/// A safetensors file, memory-mapped: 8 bytes of little-endian header length, the header in JSON
/// (<c>{"__metadata__": {"format": "pt"}, "NAME": {"dtype": "F32", "shape": [4, 64], "data_offsets": [0, 1024]}, …}</c>),
/// then the tensors' bytes without a gap. The file must not be changed while open.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>The longest header that is read, in bytes; the format's own limit.</summary>
    public const int LongestHeader = 100_000_000;

    internal const string MetadataKey = "__metadata__";
    private const int LengthBytes = 8;
    private const int MostDimensions = 16;

    private readonly MappedFile _map;

    private SafetensorsFile(string path, MappedFile map)
    {
        FilePath = path;
        _map = map;
        (Tensors, Metadata) = ReadHeader();
    }

    /// <summary>The file's path.</summary>
    public string FilePath { get; }

    /// <summary>All tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors { get; }

    /// <summary>The header's own texts, such as <c>format</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Maps a file and checks its header: types, shapes, offsets, gaps, overlaps, and the file's length.</summary>
    /// <exception cref="ModelFormatException">The file is absent, cannot be read or is no valid safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var map = MappedFile.Open(path, LengthBytes + 2);
        try
        {
            return new SafetensorsFile(path, map);
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>A tensor that must be there.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor.</exception>
    public SafetensorsTensor GetTensor(string name) => Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new ModelFormatException(FilePath, $"tensor '{name}'", "missing", $"one of its {Tensors.Count} tensors");

    /// <summary>SHA-256 of the file.</summary>
    internal byte[] Sha256() => _map.Sha256();

    /// <inheritdoc />
    public void Dispose() => _map.Dispose();

    private (Dictionary<string, SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) ReadHeader()
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(_map.Span(0, LengthBytes));
        if (length is < 2 or > LongestHeader)
        {
            throw Wrong("header length", $"{length}", $"2 to {LongestHeader} bytes");
        }

        if (length > (ulong)(_map.Length - LengthBytes))
        {
            throw Wrong("header length", $"{length}", $"at most {_map.Length - LengthBytes}, what the file holds: it is cut short or no safetensors file");
        }

        var tensors = new Dictionary<string, SafetensorsTensor>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var stretches = new List<(long Begin, long End, string Name)>();
        try
        {
            var header = _map.Span(LengthBytes, (int)length).ToArray();
            JsonFile.RequireUnicode(FilePath, header);
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Wrong("header", "no JSON object", "an object with one entry a tensor");
            }

            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (entry.NameEquals(MetadataKey))
                {
                    ReadMetadata(entry.Value, metadata);
                }
                else
                {
                    var (type, shape, begin, end) = ReadEntry(entry.Name, entry.Value);
                    stretches.Add((begin, end, entry.Name));
                    if (!tensors.TryAdd(entry.Name, new SafetensorsTensor(
                            _map, FilePath, entry.Name, type, shape, LengthBytes + (long)length + begin, end - begin)))
                    {
                        throw new ModelFormatException($"{FilePath}: tensor '{entry.Name}' appears twice");
                    }
                }
            }
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException($"{FilePath}: header is no valid JSON: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }

        CheckStretches(stretches, _map.Length - LengthBytes - (long)length);
        return (tensors, metadata);
    }

    private void ReadMetadata(JsonElement value, Dictionary<string, string> metadata)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(MetadataKey, $"of kind {value.ValueKind}", "an object of texts");
        }

        foreach (var text in value.EnumerateObject())
        {
            metadata[text.Name] = text.Value.ValueKind == JsonValueKind.String
                ? text.Value.GetString()!
                : throw Wrong($"{MetadataKey}.{text.Name}", $"of kind {text.Value.ValueKind}", "a text");
        }
    }

    private (SafetensorsType Type, long[] Shape, long Begin, long End) ReadEntry(string name, JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"tensor '{name}'", $"of kind {entry.ValueKind}", "an object with dtype, shape and data_offsets");
        }

        var dtype = entry.TryGetProperty("dtype", out var typeName) && typeName.ValueKind == JsonValueKind.String ? typeName.GetString() : null;
        if (dtype is null || !Enum.GetNames<SafetensorsType>().Contains(dtype))
        {
            throw Wrong($"dtype of tensor '{name}'", dtype is null ? "missing" : $"'{dtype}'", string.Join(", ", Enum.GetNames<SafetensorsType>()));
        }

        var type = Enum.Parse<SafetensorsType>(dtype);
        var shape = ReadNumbers(name, entry, "shape");
        var offsets = ReadNumbers(name, entry, "data_offsets");
        if (offsets.Length != 2 || offsets[1] < offsets[0])
        {
            throw Wrong($"data_offsets of tensor '{name}'", $"[{string.Join(", ", offsets)}]", "begin and end, in this order");
        }

        Int128 bytes = SafetensorsTensor.ElementBytes(type);
        foreach (var dimension in shape)
        {
            // Beyond 2^62 it is wrong in any case, and a few more factors cannot overflow.
            bytes = dimension == 0 ? 0 : Int128.Min(bytes * dimension, Int128.One << 62);
        }

        return bytes == offsets[1] - offsets[0]
            ? (type, shape, offsets[0], offsets[1])
            : throw Wrong($"data_offsets of tensor '{name}'", $"[{string.Join(", ", offsets)}]",
                $"{bytes} bytes, as {dtype} of shape [{string.Join(", ", shape)}] takes");
    }

    private long[] ReadNumbers(string name, JsonElement entry, string field)
    {
        if (!entry.TryGetProperty(field, out var array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > MostDimensions)
        {
            throw Wrong($"{field} of tensor '{name}'", "missing or no array", $"at most {MostDimensions} whole numbers");
        }

        return [.. array.EnumerateArray().Select(number =>
            number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) && value >= 0
                ? value
                : throw Wrong($"{field} of tensor '{name}'", number.GetRawText(), "whole numbers of at least 0"))];
    }

    /// <summary>The stretches must fill the data from its first byte to its last, none over another.</summary>
    private void CheckStretches(List<(long Begin, long End, string Name)> stretches, long length)
    {
        stretches.Sort();
        var position = 0L;
        foreach (var (begin, end, name) in stretches)
        {
            if (begin != position)
            {
                throw Wrong($"data_offsets of tensor '{name}'", $"[{begin}, {end}]",
                    $"a begin of {position}, where the tensor before it ends: {(begin < position ? "two overlap" : "a gap is not allowed")}");
            }

            position = end;
        }

        if (position != length)
        {
            throw Wrong("length of the data", $"{length} bytes", $"{position}, the end of the last tensor");
        }
    }

    private ModelFormatException Wrong(string field, string value, string expected) => new(FilePath, field, value, expected);
}
