using System.Runtime.InteropServices;
using System.Text.Json;

namespace O1Coder.Models.Tests;

/// <summary>ggml's block formats: by hand from their layouts, and against what ggml itself makes of random blocks.</summary>
public sealed class BlockFormatTests
{
    public static TheoryData<string> GgmlCases => [.. Cases().Select(example => example.Type)];

    [Theory]
    [MemberData(nameof(GgmlCases))]
    public void Random_blocks_decode_bit_for_bit_as_ggml_decodes_them(string type)
    {
        var (_, stored, expected) = Cases().Single(example => example.Type == type);
        Assert.Equal(Bits(expected), Bits(Decode(Enum.Parse<GgufTensorType>(type), stored, expected.Length)));
    }

    [Fact]
    public void Small_blocks_with_a_minimum_add_it()
    {
        // Element i has the nibble i % 16; of five bits every third element has the fifth.
        byte[] nibbles = [.. Enumerable.Range(0, 16).Select(i => (byte)(i | (i << 4)))];
        var fifths = Enumerable.Range(0, 32).Where(i => i % 3 == 0).Aggregate(0u, (bits, i) => bits | (1u << i));
        float Five(int i) => (i % 16) + (i % 3 == 0 ? 16 : 0);

        Assert.Equal(Make(i => (i % 16 * 0.5f) - 3), Decode(GgufTensorType.Q4_1, [.. HalfBytes(0.5f), .. HalfBytes(-3), .. nibbles], 32));
        Assert.Equal(Make(i => (Five(i) - 16) * 0.25f), Decode(GgufTensorType.Q5_0, [.. HalfBytes(0.25f), .. BitConverter.GetBytes(fifths), .. nibbles], 32));
        Assert.Equal(Make(i => (Five(i) * 0.25f) + 7),
            Decode(GgufTensorType.Q5_1, [.. HalfBytes(0.25f), .. HalfBytes(7), .. BitConverter.GetBytes(fifths), .. nibbles], 32));

        static float[] Make(Func<int, float> element) => [.. Enumerable.Range(0, 32).Select(element)];
    }

    [Fact]
    public void Large_blocks_scale_their_parts()
    {
        // Parts have the scales 3, 10, … 52 and the minimums 61, 54, … 12; 6-bit numbers beyond 15 need their upper bits.
        int[] scales = [.. Enumerable.Range(0, 8).Select(part => (7 * part) + 3)];
        int[] minimums = [.. Enumerable.Range(0, 8).Select(part => 61 - (7 * part))];
        var packed = new byte[12];
        for (var part = 0; part < 4; part++)
        {
            packed[part] = (byte)(scales[part] | (scales[part + 4] >> 4 << 6));
            packed[part + 4] = (byte)(minimums[part] | (minimums[part + 4] >> 4 << 6));
            packed[part + 8] = (byte)((scales[part + 4] & 15) | ((minimums[part + 4] & 15) << 4));
        }

        int[] codes = [.. Enumerable.Range(0, 256).Select(i => i * 7 % 32)];
        var nibbles = new byte[128];
        var fifths = new byte[32];
        for (var i = 0; i < 256; i++)
        {
            nibbles[(i / 64 * 32) + (i % 32)] |= (byte)((codes[i] & 15) << (i % 64 / 32 * 4));
            fifths[i % 32] |= (byte)(codes[i] >> 4 << (i / 32));
        }

        byte[] head = [.. HalfBytes(0.5f), .. HalfBytes(0.125f), .. packed];
        Assert.Equal(Make(i => (0.5f * scales[i / 32] * (codes[i] & 15)) - (0.125f * minimums[i / 32])),
            Decode(GgufTensorType.Q4_K, [.. head, .. nibbles], 256));
        Assert.Equal(Make(i => (0.5f * scales[i / 32] * codes[i]) - (0.125f * minimums[i / 32])),
            Decode(GgufTensorType.Q5_K, [.. head, .. fifths, .. nibbles], 256));

        static float[] Make(Func<int, float> element) => [.. Enumerable.Range(0, 256).Select(element)];
    }

    [Fact]
    public void Six_bits_are_four_and_two()
    {
        int[] codes = [.. Enumerable.Range(0, 256).Select(i => i * 11 % 64)];
        sbyte[] scales = [.. Enumerable.Range(0, 16).Select(part => (sbyte)((part * 15) - 120))];
        var lows = new byte[128];
        var highs = new byte[64];
        for (var i = 0; i < 256; i++)
        {
            var (half, within) = (i / 128, i % 128);
            lows[(half * 64) + (within % 64)] |= (byte)((codes[i] & 15) << (within / 64 * 4));
            highs[(half * 32) + (within % 32)] |= (byte)(codes[i] >> 4 << (within / 32 * 2));
        }

        Assert.Equal([.. Enumerable.Range(0, 256).Select(i => 0.5f * scales[i / 16] * (codes[i] - 32))],
            Decode(GgufTensorType.Q6_K, [.. lows, .. highs, .. scales.Select(scale => (byte)scale), .. HalfBytes(0.5f)], 256));
    }

    [Fact]
    public void A_type_without_a_decoder_is_told() =>
        Assert.Contains("no decoder for tensors of type Q2_K", Assert.Throws<NotSupportedException>(
            () => Decode(GgufTensorType.Q2_K, new byte[84], 256)).Message, StringComparison.Ordinal);

    private static byte[] HalfBytes(float value) => BitConverter.GetBytes((Half)value);

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);

    private static float[] Decode(GgufTensorType type, byte[] stored, int elements)
    {
        Assert.Equal(elements / type.BlockLength() * type.BlockBytes(), stored.Length);
        var decoded = new float[elements];
        Dequantization.Decode(type, stored, decoded);
        return decoded;
    }

    private static IEnumerable<(string Type, byte[] Stored, float[] Floats)> Cases()
    {
        using var data = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "ggml-blocks.json")));
        return [.. data.RootElement.GetProperty("cases").EnumerateArray().Select(example => (
            example.GetProperty("type").GetString()!,
            example.GetProperty("stored").GetBytesFromBase64(),
            MemoryMarshal.Cast<byte, float>(example.GetProperty("floats").GetBytesFromBase64()).ToArray()))];
    }
}
