using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Rows of activations for products: floats, and in <see cref="Precision.Fast"/> beside them 8-bit codes with a scale per row
/// and block of 32: code = round(value / scale), scale = largest magnitude / 127. Up to 64 rows lie interleaved block by block,
/// because a kernel takes a block of all of them while it holds the weights in registers:
/// <code>
/// [group of 64 rows][block][row]: 32 codes, scale: float, 8·Σcodes: int, scale·Σcodes: float, 4 bytes unused
/// </code>
/// </summary>
internal sealed unsafe class ActivationRows : IDisposable
{
    /// <summary>Elements that share a scale.</summary>
    public const int Block = 32;

    /// <summary>Rows that lie interleaved, at most.</summary>
    public const int Group = 64;

    /// <summary>Bytes of one row's block.</summary>
    public const int RecordBytes = Block + 16;

    /// <summary>Where in it the scale is.</summary>
    public const int ScaleAt = Block;

    /// <summary>Where in it 8·Σcodes is.</summary>
    public const int SumAt = Block + 4;

    /// <summary>Where in it scale·Σcodes is.</summary>
    public const int ScaledSumAt = Block + 8;

    // Adding and taking away 1.5 · 2^23 rounds to the nearest integer, ties to even: the same on every machine.
    private const float Rounder = 12_582_912f;

    private readonly int _maxRows;
    private float* _values;
    private byte* _records;

    /// <summary>Reserves rows, all zero.</summary>
    /// <param name="maxRows">At least 1.</param>
    /// <param name="inputs">A positive multiple of 32.</param>
    /// <param name="precision">Whether products with 4- and 8-bit weights read the codes or the floats.</param>
    /// <param name="path">The kernels that will read them.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of range, or a path that does not run here.</exception>
    public ActivationRows(int maxRows, int inputs, Precision precision, KernelPath path)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        if (inputs < Block || inputs % Block != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(inputs), inputs, $"expected a positive multiple of {Block}");
        }

        if (!KernelPaths.Runnable.Contains(path))
        {
            throw new ArgumentOutOfRangeException(
                nameof(path), path, $"this machine has no such instructions: expected one of {string.Join(", ", KernelPaths.Runnable)}");
        }

        (_maxRows, Inputs, Precision, Path) = (maxRows, inputs, precision, path);

        _values = (float*)Allocate((nuint)maxRows * (nuint)inputs * sizeof(float));
        BlockBytes = Math.Min(maxRows, Group) * RecordBytes;
        if (precision == Precision.Fast)
        {
            var groups = (nuint)(maxRows + Group - 1) / Group;
            _records = (byte*)Allocate(groups * (nuint)(inputs / Block) * (nuint)BlockBytes);
        }
    }

    /// <summary>Elements of a row.</summary>
    public int Inputs { get; }

    /// <summary>Rows that there are.</summary>
    public int MaxRows => _maxRows;

    /// <summary>What products with 4- and 8-bit weights read.</summary>
    public Precision Precision { get; }

    /// <summary>The kernels that products take.</summary>
    public KernelPath Path { get; }

    /// <summary>Bytes from a block of a row to its next block.</summary>
    public int BlockBytes { get; }

    /// <summary>A row's <see cref="Inputs"/> floats, to be filled in before <see cref="Prepare(int, int)"/>.</summary>
    public float* Row(int row) => _values + ((long)row * Inputs);

    /// <summary>Prepares filled rows for products. Different rows may be prepared by different threads.</summary>
    public void Prepare(int firstRow, int rows) => Prepare(firstRow, rows, 0, Inputs);

    /// <summary>Prepares some inputs of filled rows, whole blocks; different ones may be prepared by different threads.</summary>
    public void Prepare(int firstRow, int rows, int firstInput, int inputs)
    {
        if (firstRow < 0 || rows < 0 || firstRow > _maxRows - rows)
        {
            throw new ArgumentOutOfRangeException(nameof(rows), $"rows {firstRow} to {firstRow + rows}: expected rows within the {_maxRows}");
        }

        if (firstInput < 0 || inputs < 0 || firstInput > Inputs - inputs || firstInput % Block != 0 || inputs % Block != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(inputs), $"inputs {firstInput} to {firstInput + inputs}: expected whole blocks of {Block} within the {Inputs}");
        }

        if (Precision != Precision.Fast)
        {
            return;
        }

        for (var row = firstRow; row < firstRow + rows; row++)
        {
            var values = Row(row) + firstInput;
            var record = Record(row) + ((long)(firstInput / Block) * BlockBytes);
            for (var block = 0; block < inputs / Block; block++, values += Block, record += BlockBytes)
            {
                Quantize(values, record);
            }
        }
    }

    /// <summary>A row's first block; <see cref="RecordBytes"/> on lies that of the next row of its group.</summary>
    public byte* Record(int row) => _records + ((long)(row / Group) * (Inputs / Block) * BlockBytes) + (row % Group * RecordBytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_values);
        NativeMemory.AlignedFree(_records);
        _values = null;
        _records = null;
    }

    private static void Quantize(float* values, byte* record)
    {
        var largest = Vector128<float>.Zero;
        for (var i = 0; i < Block; i += 4)
        {
            largest = Vector128.Max(largest, Vector128.Abs(Vector128.Load(values + i)));
        }

        var magnitude = MathF.Max(MathF.Max(largest[0], largest[1]), MathF.Max(largest[2], largest[3]));
        var scale = magnitude / 127;
        var factor = Vector128.Create(magnitude > 0 ? 127 / magnitude : 0);
        var total = Vector128<int>.Zero;
        for (var i = 0; i < Block; i += 16)
        {
            var (a, b, c, d) = (Round(values + i), Round(values + i + 4), Round(values + i + 8), Round(values + i + 12));
            total += a + b + c + d;
            Vector128.Narrow(Vector128.Narrow(a, b), Vector128.Narrow(c, d)).Store((sbyte*)record + i);
        }

        var sum = Vector128.Sum(total);
        *(float*)(record + ScaleAt) = scale;
        *(int*)(record + SumAt) = 8 * sum;
        *(float*)(record + ScaledSumAt) = scale * sum;

        Vector128<int> Round(float* from) =>
            ((Vector128.Load(from) * factor) + Vector128.Create(Rounder)).AsInt32() - Vector128.Create(Rounder).AsInt32();
    }

    private static void* Allocate(nuint bytes)
    {
        var memory = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }
}
