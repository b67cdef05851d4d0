using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace O1Coder.Inference.Cpu;

/// <summary>Takes rows and panels apart into what a kernel does at once.</summary>
internal static unsafe class PanelLoop
{
    private const int SumsBytes = ActivationRows.Group * PackedWeights.PanelOutputs * sizeof(float);

    /// <summary>Runs a kernel over rows and panels that are there.</summary>
    /// <param name="panels">The panels, one after another.</param>
    /// <param name="x">The activations.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="y">Receives the results; it begins at output 0 of the first row.</param>
    /// <param name="stride">Floats from a row of results to the next.</param>
    [SkipLocalsInit]
    public static void Run<TKernel>(in PanelRange panels, ActivationRows x, int firstRow, int rows, float* y, long stride)
        where TKernel : struct, IPanelKernel
    {
        var memory = stackalloc byte[SumsBytes + 63];

        // A vector of 512 bits that does not cross a cache line takes half the time.
        var sums = (float*)(((nint)memory + 63) & ~63);
        var tile = new PanelTile
        {
            Blocks = panels.Blocks,
            RecordStride = x.BlockBytes,
            ValueStride = x.Inputs,
            Sums = sums,
        };
        for (int row = firstRow, count; row < firstRow + rows; row += count)
        {
            count = Math.Min(ActivationRows.Group - (row % ActivationRows.Group), firstRow + rows - row);
            tile.Rows = count;
            tile.Record = x.Record(row);
            tile.Values = x.Row(row);
            for (var panel = panels.First; panel < panels.End; panel++)
            {
                tile.Panel = panels.Start + (panel * panels.PanelBytes);
                TKernel.Multiply(tile);
                var output = panel * PackedWeights.PanelOutputs;
                Copy(sums, count, y + ((row - firstRow) * stride) + output, stride, panels.Outputs - output);
            }
        }
    }

    private static void Copy(float* sums, int rows, float* results, long stride, int outputs)
    {
        for (var row = 0; row < rows; row++, sums += PackedWeights.PanelOutputs, results += stride)
        {
            if (outputs >= PackedWeights.PanelOutputs)
            {
                Vector512.Load(sums).Store(results);
                Vector512.Load(sums + 16).Store(results + 16);
            }
            else
            {
                new Span<float>(sums, outputs).CopyTo(new Span<float>(results, outputs));
            }
        }
    }
}
