using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>A matrix of floats, row-major as files have it: the same memory serves as a table of rows and as a factor.</summary>
internal sealed unsafe class FloatMatrix : GraphMatrix
{
    /// <summary>Reads a matrix.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="rounded">Whether weights are rounded as Q8_0 would.</param>
    /// <param name="threads">Threads to use.</param>
    /// <exception cref="ModelFormatException">A tensor is of a type that is not known.</exception>
    public FloatMatrix(MatrixSource source, bool rounded, int threads)
        : base(MatrixFormat.Float32, source.Rows, source.Columns)
    {
        Address = (nint)NativeMemory.AlignedAlloc((nuint)Length, 64);
        source.ForRuns(threads, (tensor, firstRow, row, count) =>
        {
            var to = new Span<float>((float*)Address + ((long)row * Columns), count * Columns);
            source.Weights.ReadRows(tensor, firstRow, to);
            if (rounded)
            {
                Round(to);
            }
        });
    }

    /// <summary>Where it lies.</summary>
    public nint Address { get; private set; }

    /// <summary>Its bytes.</summary>
    public long Length => (long)Rows * Columns * sizeof(float);

    /// <inheritdoc/>
    public override IEnumerable<GraphConstant> Constants(string name, bool isTable) =>
        [new(name, TensorElementType.Float, [Rows, Columns], Address, Length)];

    /// <inheritdoc/>
    public override void Dispose()
    {
        NativeMemory.AlignedFree((void*)Address);
        Address = 0;
    }

    private static void Round(Span<float> weights)
    {
        var block = stackalloc byte[GgufTensorType.Q8_0.BlockBytes()];
        fixed (float* values = weights)
        {
            for (var start = 0; start < weights.Length; start += DecoderGraph.Block)
            {
                BlockQuantizer.ToQ80(values + start, block);
                var scale = (float)*(Half*)block;
                for (var i = 0; i < DecoderGraph.Block; i++)
                {
                    values[start + i] = ((sbyte*)block)[sizeof(ushort) + i] * scale;
                }
            }
        }
    }
}
