using System.Runtime.InteropServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Packed weights of one format. A panel is the scales of all its blocks, filled up to 64 bytes, then the codes of all its
/// blocks, so that every load of codes is aligned.
/// </summary>
internal sealed unsafe class PanelWeights<TFormat> : PackedWeights
    where TFormat : struct, IPanelFormat
{
    private readonly long _codesAt;
    private readonly long _panelBytes;
    private byte* _panels;

    /// <summary>Reads all rows and packs them.</summary>
    public PanelWeights(WeightRows rows, int threads)
    {
        (Outputs, Inputs) = (rows.Outputs, rows.Inputs);
        _codesAt = (((long)Blocks * TFormat.ScaleBytes) + 63) / 64 * 64;
        _panelBytes = _codesAt + ((long)Blocks * TFormat.CodeBytes);
        _panels = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, 64);
        try
        {
            Parallel.For(
                0,
                Panels,
                new ParallelOptions { MaxDegreeOfParallelism = threads },
                () => (Values: new float[Inputs], Stored: new byte[Blocks * StoredBytes]),
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
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
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

        var panel = _panels + (output / PanelOutputs * _panelBytes);
        for (var block = 0; block < Blocks; block++)
        {
            TFormat.Get(
                panel + ((long)block * TFormat.ScaleBytes),
                panel + _codesAt + ((long)block * TFormat.CodeBytes),
                output % PanelOutputs,
                destination + (block * ActivationRows.Block));
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

        var weights = stackalloc float[ActivationRows.Block];
        var coded = x.Precision == Precision.Fast && TFormat.ScaleBytes > 0;
        for (var output = firstPanel * PanelOutputs; output < Math.Min(Outputs, (firstPanel + panels) * PanelOutputs); output++)
        {
            var panel = _panels + (output / PanelOutputs * _panelBytes);
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var total = 0f;
                for (var block = 0; block < Blocks; block++)
                {
                    TFormat.Get(
                        panel + ((long)block * TFormat.ScaleBytes),
                        panel + _codesAt + ((long)block * TFormat.CodeBytes),
                        output % PanelOutputs,
                        weights);
                    var values = x.Row(row) + (block * ActivationRows.Block);
                    var codes = (sbyte*)(coded ? x.Records(row) + ((long)block * ActivationRows.RecordBytes) : null)
                        + (row % ActivationRows.Group * ActivationRows.Block);
                    var scale = coded
                        ? *(float*)(x.Records(row) + ((long)block * ActivationRows.RecordBytes) + ActivationRows.ScalesAt
                            + (row % ActivationRows.Group * ActivationRows.ScaleBytes))
                        : 1;
                    var sum = 0f;
                    for (var i = 0; i < ActivationRows.Block; i++)
                    {
                        sum += weights[i] * (coded ? codes[i] : values[i]);
                    }

                    total += sum * scale;
                }

                y[((row - firstRow) * stride) + output] = total;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        NativeMemory.AlignedFree(_panels);
        _panels = null;
    }

    private void Fill(WeightRows rows, int panel, float[] values, byte[] stored)
    {
        var start = _panels + (panel * _panelBytes);
        NativeMemory.Clear(start, (nuint)_panelBytes);
        for (var lane = 0; lane < PanelOutputs && (panel * PanelOutputs) + lane < Outputs; lane++)
        {
            rows.Read((panel * PanelOutputs) + lane, TFormat.Stored, values, stored);
            fixed (byte* from = stored)
            {
                for (var block = 0; block < Blocks; block++)
                {
                    TFormat.Put(
                        from + (block * StoredBytes),
                        start + ((long)block * TFormat.ScaleBytes),
                        start + _codesAt + ((long)block * TFormat.CodeBytes),
                        lane);
                }
            }
        }
    }
}
