using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace O1Coder.Models;

/// <summary>Turns stored elements into floats, as ggml's <c>to_float</c> functions do.</summary>
internal static class Dequantization
{
    /// <summary>The types that <see cref="Decode"/> knows.</summary>
    public static IReadOnlyList<GgufTensorType> Known { get; } =
    [
        GgufTensorType.F32, GgufTensorType.F16, GgufTensorType.BF16, GgufTensorType.Q8_0, GgufTensorType.Q4_0, GgufTensorType.Q4_1,
        GgufTensorType.Q5_0, GgufTensorType.Q5_1, GgufTensorType.Q4_K, GgufTensorType.Q5_K, GgufTensorType.Q6_K,
    ];

    /// <summary>Decodes as many elements as <paramref name="destination"/> holds; lengths must fit.</summary>
    /// <exception cref="NotSupportedException">No decoder for the type.</exception>
    public static void Decode(GgufTensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (type)
        {
            case GgufTensorType.F32:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(destination);
                break;
            case GgufTensorType.F16:
                DecodeHalf(source, destination);
                break;
            case GgufTensorType.BF16:
                DecodeBFloat16(source, destination);
                break;
            case GgufTensorType.Q4_0:
                DecodeQ4(source, destination);
                break;
            case GgufTensorType.Q4_1:
                DecodeQ4WithMinimum(source, destination);
                break;
            case GgufTensorType.Q5_0:
                DecodeQ5(source, destination);
                break;
            case GgufTensorType.Q5_1:
                DecodeQ5WithMinimum(source, destination);
                break;
            case GgufTensorType.Q8_0:
                DecodeQ8(source, destination);
                break;
            case GgufTensorType.Q4_K:
                SuperBlocks.DecodeQ4(source, destination);
                break;
            case GgufTensorType.Q5_K:
                SuperBlocks.DecodeQ5(source, destination);
                break;
            case GgufTensorType.Q6_K:
                SuperBlocks.DecodeQ6(source, destination);
                break;
            default:
                throw new NotSupportedException($"no decoder for tensors of type {type}: known are {string.Join(", ", Known)}");
        }
    }

    private static void DecodeHalf(ReadOnlySpan<byte> source, Span<float> destination)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(source);
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)halves[i];
        }
    }

    private static void DecodeBFloat16(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            var bits = (int)BinaryPrimitives.ReadUInt16LittleEndian(source[(2 * i)..]) << 16;
            destination[i] = BitConverter.Int32BitsToSingle(bits);
        }
    }

    private static void DecodeQ4(ReadOnlySpan<byte> source, Span<float> destination)
    {
        const int Block = 32, BlockBytes = 18, Middle = Block / 2;
        for (; destination.Length > 0; source = source[BlockBytes..], destination = destination[Block..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
            for (var i = 0; i < Middle; i++)
            {
                // The low nibbles are the block's first half, the high nibbles its second.
                int packed = source[2 + i];
                destination[i] = ((packed & 0xF) - 8) * scale;
                destination[i + Middle] = ((packed >> 4) - 8) * scale;
            }
        }
    }

    private static void DecodeQ4WithMinimum(ReadOnlySpan<byte> source, Span<float> destination)
    {
        const int Block = 32, BlockBytes = 20, Middle = Block / 2;
        for (; destination.Length > 0; source = source[BlockBytes..], destination = destination[Block..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
            var minimum = (float)BinaryPrimitives.ReadHalfLittleEndian(source[2..]);
            for (var i = 0; i < Middle; i++)
            {
                int packed = source[4 + i];
                destination[i] = ((packed & 0xF) * scale) + minimum;
                destination[i + Middle] = ((packed >> 4) * scale) + minimum;
            }
        }
    }

    private static void DecodeQ5(ReadOnlySpan<byte> source, Span<float> destination)
    {
        const int Block = 32, BlockBytes = 22, Middle = Block / 2;
        for (; destination.Length > 0; source = source[BlockBytes..], destination = destination[Block..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
            var fifths = BinaryPrimitives.ReadUInt32LittleEndian(source[2..]);
            for (var i = 0; i < Middle; i++)
            {
                int packed = source[6 + i];
                destination[i] = (((packed & 0xF) | Fifth(fifths, i)) - 16) * scale;
                destination[i + Middle] = (((packed >> 4) | Fifth(fifths, i + Middle)) - 16) * scale;
            }
        }
    }

    private static void DecodeQ5WithMinimum(ReadOnlySpan<byte> source, Span<float> destination)
    {
        const int Block = 32, BlockBytes = 24, Middle = Block / 2;
        for (; destination.Length > 0; source = source[BlockBytes..], destination = destination[Block..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
            var minimum = (float)BinaryPrimitives.ReadHalfLittleEndian(source[2..]);
            var fifths = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
            for (var i = 0; i < Middle; i++)
            {
                int packed = source[8 + i];
                destination[i] = (((packed & 0xF) | Fifth(fifths, i)) * scale) + minimum;
                destination[i + Middle] = (((packed >> 4) | Fifth(fifths, i + Middle)) * scale) + minimum;
            }
        }
    }

    /// <summary>Bit <paramref name="element"/> of the fifth bits, where a five-bit number has it.</summary>
    private static int Fifth(uint fifths, int element) => (int)((fifths >> element) & 1) << 4;

    private static void DecodeQ8(ReadOnlySpan<byte> source, Span<float> destination)
    {
        const int Block = 32, BlockBytes = 34;
        for (; destination.Length > 0; source = source[BlockBytes..], destination = destination[Block..])
        {
            var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
            for (var i = 0; i < Block; i++)
            {
                destination[i] = (sbyte)source[2 + i] * scale;
            }
        }
    }
}
