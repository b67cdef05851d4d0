using System.Buffers.Binary;
using System.Globalization;

namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>Sixteen bytes that spans of one trace share.</summary>
public readonly record struct TraceId(ulong High, ulong Low)
{
    /// <summary>Length in bytes.</summary>
    public const int Bytes = 16;

    /// <summary>True for the id that stands for none.</summary>
    public bool IsEmpty => High == 0 && Low == 0;

    /// <summary>Reads big-endian bytes; anything but sixteen of them is the empty id.</summary>
    public static TraceId From(ReadOnlySpan<byte> bytes) => bytes.Length == Bytes
        ? new TraceId(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
        : default;

    /// <summary>Reads 32 hexadecimal digits.</summary>
    public static bool TryParse(string? text, out TraceId id)
    {
        id = default;
        if (text?.Length != 2 * Bytes
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        id = new TraceId(high, low);
        return !id.IsEmpty;
    }

    /// <summary>32 hexadecimal digits, in lower case.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
