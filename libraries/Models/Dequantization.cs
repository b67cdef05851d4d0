using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace O1Coder.Models;

/// <summary>Turns stored elements into floats, as ggml's <c>to_float</c> functions do.</summary>
internal static class Dequantization
{
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
            case GgufTensorType.Q8_0:
                DecodeQ8(source, destination);
                break;
            default:
                throw new NotSupportedException($"no decoder for tensors of type {type}: known are F32, F16, BF16, Q4_0, Q8_0");
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
