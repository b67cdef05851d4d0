using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace O1Coder.Models;

/// <summary>
/// Reads a GGUF header from untrusted bytes. Every length and count is compared with the bytes that are left before
/// anything is allocated or read.
/// </summary>
internal ref struct GgufReader(string file, ReadOnlySpan<byte> header)
{
    /// <summary>The longest key or tensor name, in bytes; the format's own limit for keys.</summary>
    private const int LongestName = 65_535;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _header = header;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    private readonly int Left => _header.Length - Position;

    public uint ReadUInt32(string field) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, field));

    public ulong ReadUInt64(string field) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, field));

    /// <summary>Reads the number of things that take at least <paramref name="leastBytes"/> each.</summary>
    public int ReadCount(string field, int leastBytes)
    {
        var count = ReadUInt64(field);
        if (count > (ulong)(Left / leastBytes))
        {
            throw Wrong(field, $"{count}", $"at most {Left / leastBytes}, for {Left} bytes are left");
        }

        return (int)count;
    }

    /// <summary>Reads a name: UTF-8, not empty, at most 65,535 bytes.</summary>
    public string ReadName(string field)
    {
        var name = ReadString(field, LongestName);
        return name.Length > 0 ? name : throw Wrong(field, "empty", "a name");
    }

    /// <summary>Reads a metadata value: an integer as long or ulong, a float, double, bool, string or array of one.</summary>
    public object ReadValue(string key)
    {
        var type = (GgufValueType)ReadUInt32(key);
        return type switch
        {
            GgufValueType.UInt8 => (long)Take(1, key)[0],
            GgufValueType.Int8 => (long)(sbyte)Take(1, key)[0],
            GgufValueType.UInt16 => (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2, key)),
            GgufValueType.Int16 => (long)BinaryPrimitives.ReadInt16LittleEndian(Take(2, key)),
            GgufValueType.UInt32 => (long)ReadUInt32(key),
            GgufValueType.Int32 => (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4, key)),
            GgufValueType.UInt64 => ReadUInt64(key),
            GgufValueType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(Take(8, key)),
            GgufValueType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(Take(4, key)),
            GgufValueType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8, key)),
            GgufValueType.Bool => ReadBool(key),
            GgufValueType.String => ReadString(key, int.MaxValue),
            GgufValueType.Array => ReadArray(key),
            _ => throw Wrong($"type of {key}", $"{(uint)type}", "a value type from 0 to 12"),
        };
    }

    private bool ReadBool(string key) => Take(1, key)[0] switch
    {
        0 => false,
        1 => true,
        var other => throw Wrong(key, $"{other}", "a boolean, 0 or 1"),
    };

    private string ReadString(string field, int longest)
    {
        var length = ReadUInt64(field);
        if (length > (ulong)Math.Min(Left, longest))
        {
            throw Wrong($"length of {field}", $"{length}", $"at most {Math.Min(Left, longest)}, for {Left} bytes are left");
        }

        try
        {
            return s_utf8.GetString(Take((int)length, field));
        }
        catch (DecoderFallbackException exception)
        {
            throw new ModelFormatException($"{file}: {field} is not UTF-8: {exception.Message}", exception);
        }
    }

    private object ReadArray(string key)
    {
        var type = (GgufValueType)ReadUInt32(key);
        return type switch
        {
            GgufValueType.UInt8 => ReadNumbers<byte>(key),
            GgufValueType.Int8 => ReadNumbers<sbyte>(key),
            GgufValueType.UInt16 => ReadNumbers<ushort>(key),
            GgufValueType.Int16 => ReadNumbers<short>(key),
            GgufValueType.UInt32 => ReadNumbers<uint>(key),
            GgufValueType.Int32 => ReadNumbers<int>(key),
            GgufValueType.UInt64 => ReadNumbers<ulong>(key),
            GgufValueType.Int64 => ReadNumbers<long>(key),
            GgufValueType.Float32 => ReadNumbers<float>(key),
            GgufValueType.Float64 => ReadNumbers<double>(key),
            GgufValueType.Bool => ReadBools(key),
            GgufValueType.String => ReadStrings(key),

            // The format allows arrays of arrays; no known model has one, and llama.cpp refuses them too.
            _ => throw Wrong($"element type of {key}", $"{(uint)type}", "a value type from 0 to 12 that is no array"),
        };
    }

    private unsafe T[] ReadNumbers<T>(string key) where T : unmanaged
    {
        var count = ReadCount($"length of {key}", sizeof(T));
        return MemoryMarshal.Cast<byte, T>(Take(count * sizeof(T), key)).ToArray();
    }

    private bool[] ReadBools(string key)
    {
        var values = new bool[ReadCount($"length of {key}", 1)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ReadBool(key);
        }

        return values;
    }

    private string[] ReadStrings(string key)
    {
        var values = new string[ReadCount($"length of {key}", sizeof(ulong))];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ReadString(key, int.MaxValue);
        }

        return values;
    }

    private ReadOnlySpan<byte> Take(int count, string field)
    {
        if (count > Left)
        {
            throw new ModelFormatException($"{file}: ends inside {field}: {Left} bytes are left, expected {count}");
        }

        var taken = _header.Slice(Position, count);
        Position += count;
        return taken;
    }

    private readonly ModelFormatException Wrong(string field, string value, string expected) =>
        new(file, field, value, expected);
}
