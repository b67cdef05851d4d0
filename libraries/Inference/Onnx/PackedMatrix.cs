using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.OnnxRuntime.Tensors;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// A weight matrix [rows, columns] as MatMulNBits reads it: per row and block of 32 columns 16 bytes, byte j holding
/// columns 2j (low half) and 2j+1, values offset by 8, or 32 bytes, values offset by 128; and one float scale.
/// </summary>
internal sealed unsafe class PackedMatrix : GraphMatrix
{
    private readonly int _codeBytes;

    /// <summary>Reads a matrix, rounding weights that are not stored in its format as ggml does.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="format">Q4_0 or Q8_0.</param>
    /// <param name="threads">Threads to use.</param>
    /// <exception cref="ModelFormatException">A tensor is of a type that is not known.</exception>
    /// <exception cref="ArgumentException">Rows are no multiples of 32 long, or a weight cannot be rounded.</exception>
    public PackedMatrix(MatrixSource source, MatrixFormat format, int threads)
        : base(format, source.Rows, source.Columns)
    {
        if (Columns % DecoderGraph.Block != 0)
        {
            throw new ArgumentException(
                $"a matrix has {Columns} columns: expected a multiple of {DecoderGraph.Block} to hold it in blocks", nameof(source));
        }

        _codeBytes = DecoderGraph.Block * Bits(format) / 8;
        Codes = (nint)NativeMemory.AlignedAlloc((nuint)CodeLength, 64);
        Scales = (nint)NativeMemory.AlignedAlloc((nuint)ScaleLength, 64);
        var type = format == MatrixFormat.Q40 ? GgufTensorType.Q4_0 : GgufTensorType.Q8_0;
        try
        {
            source.ForRuns(threads, (tensor, firstRow, row, count) =>
            {
                var blocks = count * (Columns / DecoderGraph.Block);
                var stored = new byte[blocks * type.BlockBytes()];
                Read(source.Weights, tensor, firstRow, type, stored);
                Fill(stored, type.BlockBytes(), (long)row * (Columns / DecoderGraph.Block), blocks);
            });
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is ArgumentException))
        {
            Dispose();
            throw new ArgumentException(exception.InnerExceptions[0].Message, exception);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The packed weights.</summary>
    public nint Codes { get; private set; }

    /// <summary>The scales.</summary>
    public nint Scales { get; private set; }

    /// <summary>Bytes at <see cref="Codes"/>.</summary>
    public long CodeLength => (long)Rows * Columns / DecoderGraph.Block * _codeBytes;

    /// <summary>Bytes at <see cref="Scales"/>.</summary>
    public long ScaleLength => (long)Rows * Columns / DecoderGraph.Block * sizeof(float);

    /// <summary>Bits of a weight.</summary>
    public static int Bits(MatrixFormat format) => format == MatrixFormat.Q40 ? 4 : 8;

    /// <inheritdoc/>
    public override IEnumerable<GraphConstant> Constants(string name, bool isTable)
    {
        var blocks = Columns / DecoderGraph.Block;
        long[] shape = isTable ? [Rows, (long)blocks * _codeBytes] : [Rows, blocks, _codeBytes];
        yield return new(name, TensorElementType.UInt8, shape, Codes, CodeLength);
        yield return new(WeightNames.Scales(name), TensorElementType.Float, [Rows, blocks], Scales, ScaleLength);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        NativeMemory.AlignedFree((void*)Codes);
        NativeMemory.AlignedFree((void*)Scales);
        (Codes, Scales) = (0, 0);
    }

    /// <summary>Turns one Q4_0 block's bytes from "columns j and j + 16" to "columns 2j and 2j + 1".</summary>
    internal static Vector128<byte> Repack(Vector128<byte> block)
    {
        var low = (block & Vector128.Create((byte)0x0F)).AsUInt16();
        var high = ((block >>> 4) & Vector128.Create((byte)0x0F)).AsUInt16();
        var mask = Vector128.Create((ushort)0xFF);
        return Vector128.Narrow((low | (low >>> 4)) & mask, (high | (high >>> 4)) & mask);
    }

    private static void Read(IWeights weights, string tensor, int firstRow, GgufTensorType type, byte[] stored)
    {
        if (weights.StoredType(tensor) == type)
        {
            weights.ReadStored(tensor, firstRow, stored);
            return;
        }

        var values = new float[stored.Length / type.BlockBytes() * DecoderGraph.Block];
        weights.ReadRows(tensor, firstRow, values);
        fixed (float* from = values)
        {
            fixed (byte* to = stored)
            {
                for (var block = 0; block < values.Length / DecoderGraph.Block; block++)
                {
                    if (type == GgufTensorType.Q4_0)
                    {
                        BlockQuantizer.ToQ40(from + (block * DecoderGraph.Block), to + (block * type.BlockBytes()));
                    }
                    else
                    {
                        BlockQuantizer.ToQ80(from + (block * DecoderGraph.Block), to + (block * type.BlockBytes()));
                    }
                }
            }
        }
    }

    // Both formats have a half-precision scale in front of a block's codes.
    private void Fill(byte[] stored, int blockBytes, long firstBlock, int blocks)
    {
        var codes = (byte*)Codes + (firstBlock * _codeBytes);
        var scales = (float*)Scales + firstBlock;
        fixed (byte* source = stored)
        {
            for (var block = 0L; block < blocks; block++)
            {
                var from = source + (block * blockBytes);
                var to = codes + (block * _codeBytes);
                scales[block] = (float)BitConverter.UInt16BitsToHalf(*(ushort*)from);
                var first = Vector128.Load(from + sizeof(ushort));
                if (Format == MatrixFormat.Q40)
                {
                    Repack(first).Store(to);
                }
                else
                {
                    var offset = Vector128.Create((byte)0x80);
                    (first ^ offset).Store(to);
                    (Vector128.Load(from + sizeof(ushort) + Vector128<byte>.Count) ^ offset).Store(to + Vector128<byte>.Count);
                }
            }
        }
    }
}
