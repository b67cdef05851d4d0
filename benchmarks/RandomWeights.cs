using System.Runtime.InteropServices;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>One matrix of random blocks, every row the same: enough for timing.</summary>
internal sealed class RandomWeights : IWeights
{
    private readonly GgufTensorType _type;
    private readonly int _outputs;
    private readonly int _inputs;
    private readonly byte[] _row;

    public RandomWeights(GgufTensorType type, int outputs, int inputs)
    {
        (_type, _outputs, _inputs) = (type, outputs, inputs);
        _row = new byte[inputs / type.BlockLength() * type.BlockBytes()];
        var random = new Random(1);
        random.NextBytes(_row);
        for (var at = 0; at < _row.Length; at += type.BlockBytes())
        {
            if (type == GgufTensorType.F32)
            {
                MemoryMarshal.Write(_row.AsSpan(at), random.NextSingle());
            }
            else if (type == GgufTensorType.BF16)
            {
                MemoryMarshal.Write(_row.AsSpan(at), (ushort)(BitConverter.SingleToUInt32Bits(random.NextSingle()) >> 16));
            }
            else
            {
                MemoryMarshal.Write(_row.AsSpan(at), (Half)random.NextSingle());
                if (type == GgufTensorType.Q4_1)
                {
                    MemoryMarshal.Write(_row.AsSpan(at + 2), (Half)random.NextSingle());
                }
            }
        }
    }

    public ModelDescription Description => throw new NotSupportedException("one matrix only");

    public IReadOnlyList<long> Shape(string name) => [_outputs, _inputs];

    public float[] Read(string name) => throw new NotSupportedException("stored rows only");

    public void Read(string name, Span<float> destination) => throw new NotSupportedException("stored rows only");

    public void ReadRows(string name, long firstRow, Span<float> destination) => throw new NotSupportedException("stored rows only");

    public GgufTensorType StoredType(string name) => _type;

    public void ReadStored(string name, long firstRow, Span<byte> destination) => _row.CopyTo(destination);

    public void Dispose()
    {
    }
}
