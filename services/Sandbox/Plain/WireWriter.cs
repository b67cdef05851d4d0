using System.Buffers;
using System.Globalization;
using System.Text;

namespace O1Coder.Sandbox.Plain;

/// <summary>Writes values in the format of <c>Launcher/wire.py</c>: a tag, a length or count, a colon, the content.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>A frame: four length bytes and the list of values.</summary>
    public static byte[] Frame(params ReadOnlySpan<PlainValue> values)
    {
        var writer = new WireWriter();
        writer._bytes.Write(stackalloc byte[4]);
        writer.Write(PlainValue.Of(PlainKind.List, [.. values]));
        var frame = writer._bytes.WrittenSpan.ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        return frame;
    }

    private void Write(PlainValue value)
    {
        switch (value.Kind)
        {
            case PlainKind.Null:
                _bytes.Write("N"u8);
                break;
            case PlainKind.Bool:
                _bytes.Write(value.Integer.IsZero ? "F"u8 : "T"u8);
                break;
            case PlainKind.Integer:
                Content('i', Encoding.ASCII.GetBytes(Hexadecimal(value.Integer)));
                break;
            case PlainKind.Float:
                Content('f', Encoding.ASCII.GetBytes(value.Text));
                break;
            case PlainKind.Text:
                Content('s', LooseUtf8.Encode(value.Text));
                break;
            case PlainKind.Bytes:
                Content('b', value.Bytes);
                break;
            case PlainKind.List or PlainKind.Tuple or PlainKind.Set or PlainKind.Map:
                var count = value.Kind == PlainKind.Map ? value.Items.Count / 2 : value.Items.Count;
                Tag(value.Kind switch { PlainKind.List => 'l', PlainKind.Tuple => 't', PlainKind.Set => 'S', _ => 'd' }, count);
                foreach (var item in value.Items)
                {
                    Write(item);
                }

                break;
            default:
                throw new ArgumentException($"a {value.Kind} cannot be given to a program", nameof(value));
        }
    }

    private static string Hexadecimal(System.Numerics.BigInteger value)
    {
        var digits = System.Numerics.BigInteger.Abs(value).ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return (value.Sign < 0 ? "-" : "") + (digits.Length == 0 ? "0" : digits);
    }

    private void Content(char tag, byte[] content)
    {
        Tag(tag, content.Length);
        _bytes.Write(content);
    }

    private void Tag(char tag, int count) =>
        _bytes.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{tag}{count}:")));
}
