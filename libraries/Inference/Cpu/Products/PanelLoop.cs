namespace O1Coder.Inference.Cpu;

/// <summary>Takes rows and panels apart into what a kernel does at once.</summary>
internal static unsafe class PanelLoop
{
    // So many rows of codes stay in a second-level cache of a megabyte while the panels pass by.
    private const int RowsAtOnce = 64;

    /// <summary>Runs a kernel over rows and panels that are there.</summary>
    /// <param name="panels">The panels, one after another.</param>
    /// <param name="x">The activations.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="y">Receives the results; it begins at output 0 of the first row.</param>
    /// <param name="stride">Floats from a row of results to the next.</param>
    public static void Run<TKernel>(in PanelRange panels, ActivationRows x, int firstRow, int rows, float* y, long stride)
        where TKernel : struct, IPanelKernel
    {
        var partial = stackalloc float[ActivationRows.Group * PackedWeights.PanelOutputs];
        var tile = new PanelTile { PanelBytes = panels.PanelBytes, Blocks = panels.Blocks, RowStride = x.Inputs };
        for (var from = firstRow; from < firstRow + rows; from += RowsAtOnce)
        {
            var end = Math.Min(from + RowsAtOnce, firstRow + rows);
            for (var panel = panels.First; panel < panels.End; panel++)
            {
                tile.Scales = panels.Start + (panel * panels.PanelBytes);
                tile.Codes = tile.Scales + panels.CodesAt;
                var outputs = Math.Min(PackedWeights.PanelOutputs, panels.Outputs - (panel * PackedWeights.PanelOutputs));
                for (int row = from, count; row < end; row += count)
                {
                    var rowsOfTile = TileAt(row, end - row, TKernel.LargestTile);
                    count = Math.Min(rowsOfTile, end - row);
                    var place = row % ActivationRows.Group;
                    tile.RowCodes = x.Records(row) + (place * ActivationRows.Block);
                    tile.RowScales = x.Records(row) + ActivationRows.ScalesAt + (place * ActivationRows.ScaleBytes);
                    tile.RowValues = x.Row(row);
                    var results = y + ((row - firstRow) * stride) + (panel * PackedWeights.PanelOutputs);
                    var whole = outputs == PackedWeights.PanelOutputs && count == rowsOfTile;
                    tile.Results = whole ? results : partial;
                    tile.ResultStride = whole ? stride : PackedWeights.PanelOutputs;
                    Multiply<TKernel>(tile, rowsOfTile);
                    if (!whole)
                    {
                        Copy(partial, results, stride, count, outputs);
                    }
                }
            }
        }
    }

    // Within a group of eight rows a tile begins at a multiple of its size: then it never runs into the next group. Three rows
    // take less time as four than as two and one, and six and seven less as eight; the results beyond are thrown away.
    private static int TileAt(int row, int rows, int largest)
    {
        var size = largest;
        while (row % size != 0 || 3 * size > 4 * rows)
        {
            size /= 2;
        }

        return size;
    }

    private static void Multiply<TKernel>(in PanelTile tile, int count)
        where TKernel : struct, IPanelKernel
    {
        switch (count)
        {
            case 8:
                TKernel.Rows8(tile);
                break;
            case 4:
                TKernel.Rows4(tile);
                break;
            case 2:
                TKernel.Rows2(tile);
                break;
            default:
                TKernel.Rows1(tile);
                break;
        }
    }

    private static void Copy(float* partial, float* results, long stride, int count, int outputs)
    {
        for (var row = 0; row < count; row++)
        {
            for (var output = 0; output < outputs; output++)
            {
                results[(row * stride) + output] = partial[(row * PackedWeights.PanelOutputs) + output];
            }
        }
    }
}
