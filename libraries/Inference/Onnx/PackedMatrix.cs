using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// A weight matrix [rows, columns] as MatMulNBits reads it: per row and block of 32 columns 16 bytes, byte j holding
/// columns 2j (low half) and 2j+1, values offset by 8, and one float scale. Lies outside the managed heap, because the
/// session keeps pointers to it.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    // A block of GGUF's Q4_0: a half-precision scale, then 16 bytes, byte j holding columns j (low half) and j + 16.
    private const int SourceBlockBytes = 18;
    private const int CodeBytes = DecoderGraph.Block / 2;

    /// <summary>Reserves a matrix; <see cref="Fill"/> gives it its contents.</summary>
    public PackedMatrix(int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
        Codes = (nint)NativeMemory.AlignedAlloc((nuint)CodeLength, 64);
        Scales = (nint)NativeMemory.AlignedAlloc((nuint)ScaleLength, 64);
    }

    /// <summary>Output features.</summary>
    public int Rows { get; }

    /// <summary>Input features.</summary>
    public int Columns { get; }

    /// <summary>The packed weights.</summary>
    public nint Codes { get; private set; }

    /// <summary>The scales.</summary>
    public nint Scales { get; private set; }

    /// <summary>Bytes at <see cref="Codes"/>.</summary>
    public long CodeLength => (long)Rows * Columns / 2;

    /// <summary>Bytes at <see cref="Scales"/>.</summary>
    public long ScaleLength => (long)Rows * Columns / DecoderGraph.Block * sizeof(float);

    /// <summary>Repacks Q4_0 rows into rows [firstRow, firstRow + rows) of this matrix.</summary>
    /// <param name="source">rows × columns/32 blocks of 18 bytes.</param>
    /// <param name="firstRow">Where they go.</param>
    /// <param name="rows">How many.</param>
    /// <param name="threads">Threads to use.</param>
    public void Fill(byte* source, int firstRow, int rows, int threads)
    {
        var blocks = Columns / DecoderGraph.Block;
        var codes = (byte*)Codes + ((long)firstRow * blocks * CodeBytes);
        var scales = (float*)Scales + ((long)firstRow * blocks);
        var total = (long)rows * blocks;
        var share = (total + threads - 1) / threads;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            var end = Math.Min(total, (thread + 1) * share);
            for (var block = thread * share; block < end; block++)
            {
                var from = source + (block * SourceBlockBytes);
                scales[block] = (float)BitConverter.UInt16BitsToHalf(*(ushort*)from);
                Repack(Vector128.Load(from + sizeof(ushort))).Store(codes + (block * CodeBytes));
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree((void*)Codes);
        NativeMemory.AlignedFree((void*)Scales);
        (Codes, Scales) = (0, 0);
    }

    /// <summary>Turns one block's bytes from "columns j and j + 16" to "columns 2j and 2j + 1".</summary>
    internal static Vector128<byte> Repack(Vector128<byte> block)
    {
        var low = (block & Vector128.Create((byte)0x0F)).AsUInt16();
        var high = ((block >>> 4) & Vector128.Create((byte)0x0F)).AsUInt16();
        var mask = Vector128.Create((ushort)0xFF);
        return Vector128.Narrow((low | (low >>> 4)) & mask, (high | (high >>> 4)) & mask);
    }
}
