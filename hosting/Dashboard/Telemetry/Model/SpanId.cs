using System.Buffers.Binary;
using System.Globalization;

namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>Eight bytes that tell a span from the others of its trace.</summary>
public readonly record struct SpanId(ulong Value)
{
    /// <summary>Length in bytes.</summary>
    public const int Bytes = 8;

    /// <summary>True for the id that stands for none.</summary>
    public bool IsEmpty => Value == 0;

    /// <summary>Reads big-endian bytes; anything but eight of them is the empty id.</summary>
    public static SpanId From(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Bytes ? new SpanId(BinaryPrimitives.ReadUInt64BigEndian(bytes)) : default;

    /// <summary>Reads 16 hexadecimal digits.</summary>
    public static bool TryParse(string? text, out SpanId id)
    {
        id = default;
        if (text?.Length != 2 * Bytes || !ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        id = new SpanId(value);
        return !id.IsEmpty;
    }

    /// <summary>16 hexadecimal digits, in lower case.</summary>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
