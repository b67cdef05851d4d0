using System.Runtime.InteropServices;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Cpu.Products;

/// <summary>Matrices in memory, stored in any of ggml's types, with decoders of their own.</summary>
internal sealed class MemoryWeights : IWeights
{
    private readonly Dictionary<string, (GgufTensorType Type, int Rows, int Columns, byte[] Stored)> _tensors = [];

    public ModelDescription Description => throw new NotSupportedException("matrices only");

    /// <summary>Adds a matrix of random blocks; scales are random half-precision numbers of both signs.</summary>
    public MemoryWeights With(string name, GgufTensorType type, int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var stored = new byte[rows * (columns / type.BlockLength()) * type.BlockBytes()];
        random.NextBytes(stored);
        for (var at = 0; at < stored.Length; at += type.BlockBytes())
        {
            var number = (random.NextSingle() - 0.5f) * 0.1f;
            switch (type)
            {
                case GgufTensorType.F32:
                    MemoryMarshal.Write(stored.AsSpan(at), number);
                    break;
                case GgufTensorType.BF16:
                    MemoryMarshal.Write(stored.AsSpan(at), (ushort)(BitConverter.SingleToUInt32Bits(number) >> 16));
                    break;
                default:
                    MemoryMarshal.Write(stored.AsSpan(at), (Half)number);
                    break;
            }

            if (type == GgufTensorType.Q4_1)
            {
                MemoryMarshal.Write(stored.AsSpan(at + 2), (Half)(number * -7.3f));
            }
        }

        return With(name, type, rows, columns, stored);
    }

    public MemoryWeights With(string name, GgufTensorType type, int rows, int columns, byte[] stored)
    {
        _tensors.Add(name, (type, rows, columns, stored));
        return this;
    }

    public MemoryWeights With(string name, int rows, int columns, float[] values) =>
        With(name, GgufTensorType.F32, rows, columns, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>One weight, decoded for itself.</summary>
    public double Weight(string name, int row, int column)
    {
        var (type, _, columns, stored) = _tensors[name];
        var block = stored.AsSpan(((row * columns) + column) / type.BlockLength() * type.BlockBytes());
        var i = column % type.BlockLength();
        return type switch
        {
            GgufTensorType.F32 => MemoryMarshal.Read<float>(block),
            GgufTensorType.F16 => (double)MemoryMarshal.Read<Half>(block),
            GgufTensorType.BF16 => BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Read<ushort>(block) << 16),
            GgufTensorType.Q4_0 => (Nibble(block[2..], i) - 8) * (double)MemoryMarshal.Read<Half>(block),
            GgufTensorType.Q4_1 => (Nibble(block[4..], i) * (double)MemoryMarshal.Read<Half>(block)) + (double)MemoryMarshal.Read<Half>(block[2..]),
            GgufTensorType.Q8_0 => (sbyte)block[2 + i] * (double)MemoryMarshal.Read<Half>(block),
            _ => throw new NotSupportedException($"{type}"),
        };
    }

    public IReadOnlyList<long> Shape(string name) => [_tensors[name].Rows, _tensors[name].Columns];

    public float[] Read(string name)
    {
        var values = new float[_tensors[name].Rows * _tensors[name].Columns];
        ReadRows(name, 0, values);
        return values;
    }

    public void Read(string name, Span<float> destination) => ReadRows(name, 0, destination);

    public void ReadRows(string name, long firstRow, Span<float> destination)
    {
        var columns = _tensors[name].Columns;
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)Weight(name, (int)firstRow + (i / columns), i % columns);
        }
    }

    public GgufTensorType StoredType(string name) => _tensors[name].Type;

    public void ReadStored(string name, long firstRow, Span<byte> destination)
    {
        var (type, _, columns, stored) = _tensors[name];
        var rowBytes = columns / type.BlockLength() * type.BlockBytes();
        stored.AsSpan((int)firstRow * rowBytes, destination.Length).CopyTo(destination);
    }

    public void Dispose()
    {
    }

    private static int Nibble(Span<byte> codes, int i) => i < 16 ? codes[i] & 15 : codes[i - 16] >> 4;
}
