using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace O1Coder.Sandbox.Plain;

/// <summary>
/// Reads what a box sent in the format of <c>Launcher/wire.py</c>. A hostile program may have written it: whatever it
/// holds, reading takes time and memory in proportion to its length.
/// </summary>
/// <param name="data">The bytes of one value.</param>
internal sealed class WireReader(ReadOnlyMemory<byte> data)
{
    private const int DeepestLevel = 402;
    private const int LongestFloat = 64;
    private const int MostExponent = 5000;
    private int _at;

    /// <summary>Reads the frames that were sent, in their order.</summary>
    /// <exception cref="PlainFormatException">The bytes are no frames.</exception>
    public static List<PlainValue> ReadFrames(ReadOnlyMemory<byte> bytes)
    {
        var frames = new List<PlainValue>();
        while (bytes.Length > 0)
        {
            var length = bytes.Length < 4 ? -1 : BinaryPrimitives.ReadInt32BigEndian(bytes.Span);
            if (length < 0 || length > bytes.Length - 4)
            {
                throw new PlainFormatException("malformed data: a frame without its end");
            }

            frames.Add(new WireReader(bytes.Slice(4, length)).ReadWhole());
            bytes = bytes[(length + 4)..];
        }

        return frames;
    }

    private PlainValue ReadWhole()
    {
        var value = Read(0);
        return _at == data.Length ? value : throw new PlainFormatException("malformed data: bytes left over");
    }

    private PlainValue Read(int depth)
    {
        if (depth > DeepestLevel || _at >= data.Length)
        {
            throw new PlainFormatException(depth > DeepestLevel ? "the value nests too deep" : "malformed data: no value");
        }

        var tag = (char)data.Span[_at++];
        switch (tag)
        {
            case 'N':
                return PlainValue.Null;
            case 'T':
                return PlainValue.True;
            case 'F':
                return PlainValue.False;
            default:
                break;
        }

        var count = ReadCount();
        return tag switch
        {
            'l' => PlainValue.Of(PlainKind.List, Items(count, depth)),
            't' => PlainValue.Of(PlainKind.Tuple, Items(count, depth)),
            'S' or 'Z' => PlainValue.Of(PlainKind.Set, Items(count, depth)),
            'd' => PlainValue.Of(PlainKind.Map, Items(2 * count, depth)),
            'P' => Part(Items(count, depth)),
            _ => Scalar(tag, Take(count)),
        };
    }

    private PlainValue[] Items(int count, int depth)
    {
        // Every item takes a byte at least.
        if (count > data.Length - _at)
        {
            throw new PlainFormatException($"malformed data: a length of {count}");
        }

        var items = new PlainValue[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = Read(depth + 1);
        }

        return items;
    }

    private int ReadCount()
    {
        var rest = data.Span[_at..];
        var end = rest[..Math.Min(24, rest.Length)].IndexOf((byte)':');
        if (end < 0 || !int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > rest.Length)
        {
            throw new PlainFormatException("malformed data: a length");
        }

        _at += end + 1;
        return count;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > data.Length - _at)
        {
            throw new PlainFormatException($"malformed data: a length of {count}");
        }

        _at += count;
        return data.Span.Slice(_at - count, count);
    }

    private static PlainValue Scalar(char tag, ReadOnlySpan<byte> raw) => tag switch
    {
        'i' => PlainValue.OfInteger(Hexadecimal(raw)),
        'f' when raw.Length <= LongestFloat => FloatText.Read(Encoding.ASCII.GetString(raw)) ?? throw new PlainFormatException("malformed data: a float"),
        's' => PlainValue.OfText(LooseUtf8.Decode(raw)),
        'b' or 'B' => PlainValue.OfBytes(raw.ToArray()),
        'Q' => Quotient(raw),
        'D' => Decimal(Encoding.ASCII.GetString(raw)),
        'c' => PlainValue.OfOpaque("a complex number"),
        'r' => PlainValue.OfOpaque("a range"),
        'Y' => PlainValue.OfOpaque("a class"),
        'O' => PlainValue.OfOpaque($"{Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, 200)])} object of the program"),
        _ => throw new PlainFormatException("malformed data: an unknown tag"),
    };

    private static BigInteger Hexadecimal(ReadOnlySpan<byte> raw)
    {
        var negative = raw.StartsWith("-"u8);
        var digits = raw[(negative ? 1 : 0)..];
        if (digits.IsEmpty || !BigInteger.TryParse("0" + Encoding.ASCII.GetString(digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw new PlainFormatException("malformed data: an integer");
        }

        return negative ? -value : value;
    }

    private static PlainValue Quotient(ReadOnlySpan<byte> raw)
    {
        var space = raw.IndexOf((byte)' ');
        var denominator = space < 0 ? BigInteger.Zero : Hexadecimal(raw[(space + 1)..]);
        return denominator.Sign > 0 ? PlainValue.OfFraction(Hexadecimal(raw[..space]), denominator) : throw new PlainFormatException("malformed data: a fraction");
    }

    private static PlainValue Decimal(string text)
    {
        var parts = text.Split(['E', 'e']);
        var exponent = 0;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var isNumber = text.Length <= MostExponent && parts.Length <= 2
            && BigInteger.TryParse(parts[0].Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var digits)
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            && Math.Abs((long)exponent) <= MostExponent;
        if (!isNumber)
        {
            return PlainValue.OfOpaque("a Decimal");
        }

        _ = BigInteger.TryParse(parts[0].Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out digits);
        exponent -= point < 0 ? 0 : parts[0].Length - point - 1;
        return exponent >= 0
            ? PlainValue.OfInteger(digits * BigInteger.Pow(10, exponent))
            : PlainValue.OfFraction(digits, BigInteger.Pow(10, -exponent));
    }

    // What the library's types are given again, as `_PARTS` there says.
    private static PlainValue Part(PlainValue[] parts) => parts switch
    {
        [{ Text: "collections" }, { Text: "OrderedDict" }, { Kind: PlainKind.List } pairs] => PlainValue.Of(PlainKind.Map, [.. pairs.Items.SelectMany(Pair)]),
        [{ Text: "collections" }, { Text: "Counter" }, { Kind: PlainKind.Map } counts] => counts,
        [{ Text: "collections" }, { Text: "defaultdict" }, _, { Kind: PlainKind.Map } entries] => entries,
        [_, { Kind: PlainKind.Text } name, ..] => PlainValue.OfOpaque($"a {name.Text[..Math.Min(name.Text.Length, 200)]}"),
        _ => throw new PlainFormatException("malformed data: an unknown type"),
    };

    private static IReadOnlyList<PlainValue> Pair(PlainValue pair) =>
        pair.Items.Count == 2 ? pair.Items : throw new PlainFormatException("malformed data: a pair");
}
