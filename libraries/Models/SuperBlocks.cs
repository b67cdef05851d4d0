using System.Buffers.Binary;

namespace O1Coder.Models;

/// <summary>
/// Decodes ggml's blocks of 256 elements ("k-quants"), whose parts have small integer scales of their own under one or two
/// half-precision scales of the block.
/// </summary>
internal static class SuperBlocks
{
    private const int Block = 256;
    private const int Part = 32;

    /// <summary>
    /// Q4_K: scale d, minimum scale m, 12 bytes of packed part scales and minimums, 128 bytes of nibbles; of 64 elements the
    /// low nibbles are the first half. Value d·scale·q − m·minimum.
    /// </summary>
    public static void DecodeQ4(ReadOnlySpan<byte> source, Span<float> destination)
    {
        const int BlockBytes = 144, Nibbles = 16;
        for (; destination.Length > 0; source = source[BlockBytes..], destination = destination[Block..])
        {
            for (var part = 0; part < Block / Part; part++)
            {
                var (scale, minimum) = PartScale(source, part);
                var nibbles = source.Slice(Nibbles + (part / 2 * Part), Part);
                var shift = part % 2 * 4;
                for (var i = 0; i < Part; i++)
                {
                    destination[(part * Part) + i] = (scale * ((nibbles[i] >> shift) & 0xF)) - minimum;
                }
            }
        }
    }

    /// <summary>Q5_K: as Q4_K, with 32 bytes of fifth bits before the nibbles; part p has bit p of each.</summary>
    public static void DecodeQ5(ReadOnlySpan<byte> source, Span<float> destination)
    {
        const int BlockBytes = 176, Fifths = 16, Nibbles = 48;
        for (; destination.Length > 0; source = source[BlockBytes..], destination = destination[Block..])
        {
            var fifths = source.Slice(Fifths, Part);
            for (var part = 0; part < Block / Part; part++)
            {
                var (scale, minimum) = PartScale(source, part);
                var nibbles = source.Slice(Nibbles + (part / 2 * Part), Part);
                var shift = part % 2 * 4;
                for (var i = 0; i < Part; i++)
                {
                    var code = ((nibbles[i] >> shift) & 0xF) | (((fifths[i] >> part) & 1) << 4);
                    destination[(part * Part) + i] = (scale * code) - minimum;
                }
            }
        }
    }

    /// <summary>
    /// Q6_K: 128 bytes of low nibbles, 64 bytes of pairs of high bits, 16 signed part scales, scale d. Of each 128 elements
    /// the four quarters share bytes: low nibbles of the first and second 32, then high nibbles of the same. Value
    /// d·scale·(q − 32).
    /// </summary>
    public static void DecodeQ6(ReadOnlySpan<byte> source, Span<float> destination)
    {
        const int BlockBytes = 210, Highs = 128, Scales = 192, Scale = 208, Half = 128, PartLength = 16;
        for (; destination.Length > 0; source = source[BlockBytes..], destination = destination[Block..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source[Scale..]);
            for (var i = 0; i < Block; i++)
            {
                var (half, quarter, place) = (i / Half, i % Half / Part, i % Part);
                var low = source[(half * Half / 2) + (quarter % 2 * Part) + place] >> (quarter / 2 * 4);
                var high = source[Highs + (half * Part) + place] >> (quarter * 2);
                var code = (low & 0xF) | ((high & 3) << 4);
                destination[i] = scale * (sbyte)source[Scales + (i / PartLength)] * (code - 32);
            }
        }
    }

    /// <summary>
    /// Scale and minimum of one of eight parts. The 12 bytes hold 6-bit numbers: the first four scales and minimums in the
    /// low bits of bytes 0 to 7, the others' low nibbles in bytes 8 to 11 and their upper two bits atop bytes 0 to 7.
    /// </summary>
    private static (float Scale, float Minimum) PartScale(ReadOnlySpan<byte> block, int part)
    {
        var packed = block.Slice(4, 12);
        var (scale, minimum) = part < 4
            ? (packed[part] & 0x3F, packed[part + 4] & 0x3F)
            : ((packed[part + 4] & 0xF) | (packed[part - 4] >> 6 << 4), (packed[part + 4] >> 4) | (packed[part] >> 6 << 4));
        return ((float)BinaryPrimitives.ReadHalfLittleEndian(block) * scale,
            (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]) * minimum);
    }
}
