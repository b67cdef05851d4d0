using System.Runtime.InteropServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>Tensors of equal width one below another, read a row at a time in the layout that a panel takes.</summary>
internal sealed unsafe class WeightRows
{
    private readonly IWeights _weights;
    private readonly (string Name, int FirstRow)[] _tensors;

    /// <summary>Checks that the tensors fit below one another.</summary>
    /// <exception cref="ArgumentException">No tensor, one that is no matrix, or widths that differ or are no multiples of 32.</exception>
    public WeightRows(IWeights weights, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            throw new ArgumentException("names is empty: expected at least one tensor", nameof(names));
        }

        _weights = weights;
        _tensors = new (string, int)[names.Count];
        for (var i = 0; i < names.Count; i++)
        {
            var shape = weights.Shape(names[i]);
            if (shape.Count != 2 || shape[0] < 1 || shape[1] < ActivationRows.Block || shape[1] % ActivationRows.Block != 0)
            {
                throw new ArgumentException(
                    $"'{names[i]}' is [{string.Join(", ", shape)}]: expected a matrix [outputs, a multiple of {ActivationRows.Block}]", nameof(names));
            }

            if (i > 0 && shape[1] != Inputs)
            {
                throw new ArgumentException(
                    $"'{names[i]}' has {shape[1]} inputs: expected {Inputs}, as '{names[0]}' has", nameof(names));
            }

            _tensors[i] = (names[i], Outputs);
            Inputs = checked((int)shape[1]);
            Outputs = checked(Outputs + (int)shape[0]);
        }
    }

    /// <summary>Rows of all tensors together.</summary>
    public int Outputs { get; }

    /// <summary>Elements of a row.</summary>
    public int Inputs { get; }

    /// <summary>The type in which all are stored, or null where they differ.</summary>
    public GgufTensorType? StoredType
    {
        get
        {
            var first = _weights.StoredType(_tensors[0].Name);
            return _tensors.All(tensor => _weights.StoredType(tensor.Name) == first) ? first : null;
        }
    }

    /// <summary>Reads rows into blocks of a type, converting where they are stored otherwise.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="type">Q4_0, Q8_0 or F32, or the type in which the tensors are stored.</param>
    /// <param name="values">A row's floats, for the way between.</param>
    /// <param name="stored">Receives the rows' blocks, one row after another.</param>
    public void Read(int first, int count, GgufTensorType type, float[] values, byte[] stored)
    {
        var rowBytes = Inputs / type.BlockLength() * type.BlockBytes();
        var to = stored.AsSpan(0, count * rowBytes);
        for (var i = 0; i < _tensors.Length && to.Length > 0; i++)
        {
            var end = i + 1 < _tensors.Length ? _tensors[i + 1].FirstRow : Outputs;
            var here = Math.Min(to.Length / rowBytes, end - first);
            if (here > 0)
            {
                Read(_tensors[i].Name, first - _tensors[i].FirstRow, type, values, to[..(here * rowBytes)]);
                first += here;
                to = to[(here * rowBytes)..];
            }
        }
    }

    private void Read(string name, int row, GgufTensorType type, float[] values, Span<byte> stored)
    {
        if (_weights.StoredType(name) == type)
        {
            _weights.ReadStored(name, row, stored);
            return;
        }

        if (type == GgufTensorType.F32)
        {
            _weights.ReadRows(name, row, MemoryMarshal.Cast<byte, float>(stored));
            return;
        }

        var blockBytes = type.BlockBytes();
        fixed (float* from = values)
        {
            fixed (byte* to = stored)
            {
                for (var block = 0; block < stored.Length / blockBytes; block++)
                {
                    var column = block % (Inputs / ActivationRows.Block);
                    if (column == 0)
                    {
                        _weights.ReadRows(name, row++, values);
                    }

                    Quantize(from + (column * ActivationRows.Block), to + (block * blockBytes), type, name);
                }
            }
        }
    }

    private static void Quantize(float* values, byte* stored, GgufTensorType type, string name)
    {
        try
        {
            if (type == GgufTensorType.Q4_0)
            {
                BlockQuantizer.ToQ40(values, stored);
            }
            else
            {
                BlockQuantizer.ToQ80(values, stored);
            }
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"'{name}': {exception.Message}", exception);
        }
    }
}
