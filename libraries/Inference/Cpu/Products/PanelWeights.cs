using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Packed weights of one format. A panel is one block of its 32 outputs after another: the scales of the first sixteen outputs,
/// those of the last sixteen, then likewise codes. Memory is read from one end to the other, and codes begin at multiples of 64.
/// </summary>
internal sealed unsafe class PanelWeights<TFormat> : PackedWeights
    where TFormat : struct, IPanelFormat
{
    private readonly long _panelBytes;
    private byte* _panels;

    /// <summary>Reads all rows and packs them.</summary>
    public PanelWeights(WeightRows rows, int threads)
    {
        (Outputs, Inputs) = (rows.Outputs, rows.Inputs);
        _panelBytes = (long)Blocks * PanelBlock.Bytes<TFormat>();
        _panels = PanelMemory.Allocate(Bytes);
        try
        {
            Parallel.For(
                0,
                Panels,
                new ParallelOptions { MaxDegreeOfParallelism = threads },
                () => (Values: new float[Inputs], Stored: new byte[PanelOutputs * Blocks * StoredBytes]),
                (panel, _, buffers) =>
                {
                    Fill(rows, panel, buffers.Values, buffers.Stored);
                    return buffers;
                },
                _ => { });
        }
        catch (AggregateException exception)
        {
            Dispose();
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }

    /// <summary>Gives the memory back where nobody disposed of it.</summary>
    ~PanelWeights() => Dispose(false);

    /// <inheritdoc/>
    public override long Bytes => Panels * _panelBytes;

    /// <inheritdoc/>
    public override string Format => TFormat.Name;

    private int Blocks => Inputs / ActivationRows.Block;

    private static int StoredBytes => TFormat.Stored.BlockBytes() * (ActivationRows.Block / TFormat.Stored.BlockLength());

    /// <inheritdoc/>
    public override void ReadRow(int output, float* destination)
    {
        if ((uint)output >= (uint)Outputs)
        {
            throw new ArgumentOutOfRangeException(nameof(output), output, $"expected a row below {Outputs}");
        }

        var half = output % PanelOutputs / PanelBlock.Half * PanelBlock.Half;
        for (var block = 0; block < Blocks; block++, destination += ActivationRows.Block)
        {
            var from = _panels + (output / PanelOutputs * _panelBytes) + (block * PanelBlock.Bytes<TFormat>());
            TFormat.Get(PanelBlock.Scales<TFormat>(from, half), PanelBlock.Codes<TFormat>(from, half), output % PanelBlock.Half, destination);
        }
    }

    /// <inheritdoc/>
    public override void Multiply(ActivationRows x, int firstRow, int rows, int firstPanel, int panels, float* y, long stride)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Inputs != Inputs)
        {
            throw new ArgumentException($"x has {x.Inputs} elements a row: expected {Inputs}", nameof(x));
        }

        if (firstRow < 0 || rows < 0 || firstRow > x.MaxRows - rows)
        {
            throw new ArgumentException($"rows from {firstRow} on, {rows} of them: expected rows within the {x.MaxRows} of x", nameof(rows));
        }

        if (firstPanel < 0 || panels < 0 || firstPanel > Panels - panels)
        {
            throw new ArgumentException($"panels from {firstPanel} on, {panels} of them: expected panels within {Panels}", nameof(panels));
        }

        var range = new PanelRange
        {
            Start = _panels,
            PanelBytes = _panelBytes,
            Blocks = Blocks,
            Outputs = Outputs,
            First = firstPanel,
            End = firstPanel + panels,
        };
        if (x.Precision == Precision.Fast && TFormat.ScaleBytes > 0)
        {
            Fast(range, x, firstRow, rows, y, stride);
        }
        else
        {
            Exact(range, x, firstRow, rows, y, stride);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        PanelMemory.Free(_panels);
        _panels = null;
    }

    private void Fill(WeightRows rows, int panel, float[] values, byte[] stored)
    {
        var start = _panels + (panel * _panelBytes);
        var outputs = Math.Min(PanelOutputs, Outputs - (panel * PanelOutputs));
        rows.Read(panel * PanelOutputs, outputs, TFormat.Stored, values, stored);

        if (outputs < PanelOutputs)
        {
            new Span<byte>(start, checked((int)_panelBytes)).Clear();
        }

        fixed (byte* from = stored)
        {
            Put(from, outputs, start);
        }
    }

    // Compiled at once: it is most of the time that loading a model takes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Put(byte* stored, int outputs, byte* panel)
    {
        var (blocks, bytes) = (Blocks, StoredBytes);
        for (var block = 0; block < blocks; block++, panel += PanelBlock.Bytes<TFormat>())
        {
            for (var lane = 0; lane < outputs; lane++)
            {
                var half = lane / PanelBlock.Half * PanelBlock.Half;
                TFormat.Put(
                    stored + ((((long)lane * blocks) + block) * bytes),
                    PanelBlock.Scales<TFormat>(panel, half),
                    PanelBlock.Codes<TFormat>(panel, half),
                    lane % PanelBlock.Half);
            }
        }
    }

    private static void Fast(in PanelRange range, ActivationRows x, int firstRow, int rows, float* y, long stride)
    {
        var bytes = typeof(TFormat) == typeof(Q80Format);
        switch (x.Path)
        {
            case KernelPath.Avx512Vnni:
                PanelLoop.Run<VnniKernel<TFormat>>(range, x, firstRow, rows, y, stride);
                break;
            case KernelPath.Avx512 when bytes:
                PanelLoop.Run<FastBytes<Lanes512, Vector512<int>, Vector512<float>>>(range, x, firstRow, rows, y, stride);
                break;
            case KernelPath.Avx512:
                PanelLoop.Run<FastNibbles<TFormat, Lanes512, Vector512<int>, Vector512<float>>>(range, x, firstRow, rows, y, stride);
                break;
            case KernelPath.Avx2 when bytes:
                PanelLoop.Run<FastBytes<Lanes256, Vector256<int>, Vector256<float>>>(range, x, firstRow, rows, y, stride);
                break;
            case KernelPath.Avx2:
                PanelLoop.Run<FastNibbles<TFormat, Lanes256, Vector256<int>, Vector256<float>>>(range, x, firstRow, rows, y, stride);
                break;
            default:
                if (bytes)
                {
                    PanelLoop.Run<FastBytes<Lanes128, Vector128<int>, Vector128<float>>>(range, x, firstRow, rows, y, stride);
                }
                else
                {
                    PanelLoop.Run<FastNibbles<TFormat, Lanes128, Vector128<int>, Vector128<float>>>(range, x, firstRow, rows, y, stride);
                }

                break;
        }
    }

    private static void Exact(in PanelRange range, ActivationRows x, int firstRow, int rows, float* y, long stride)
    {
        switch (x.Path)
        {
            case KernelPath.Avx512Vnni or KernelPath.Avx512:
                PanelLoop.Run<ExactKernel<TFormat, Lanes512, Vector512<int>, Vector512<float>>>(range, x, firstRow, rows, y, stride);
                break;
            case KernelPath.Avx2:
                PanelLoop.Run<ExactKernel<TFormat, Lanes256, Vector256<int>, Vector256<float>>>(range, x, firstRow, rows, y, stride);
                break;
            default:
                PanelLoop.Run<ExactKernel<TFormat, Lanes128, Vector128<int>, Vector128<float>>>(range, x, firstRow, rows, y, stride);
                break;
        }
    }
}
