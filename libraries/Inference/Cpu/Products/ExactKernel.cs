using System.Runtime.CompilerServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Weights of any format and float activations. Per block and output the first and the last sixteen inputs are added up apart,
/// in order; their sum, times the scale where there is one, is added to the sum so far.
/// </summary>
internal readonly unsafe struct ExactKernel<TFormat, TLanes, TInts, TFloats> : IPanelKernel
    where TFormat : struct, IPanelFormat
    where TLanes : struct, ILanes<TInts, TFloats>
    where TInts : struct
    where TFloats : struct
{
    // All tiles of rows pass by before the next blocks: 16 KiB at most, which stay in a first-level cache.
    private const int BlocksAtOnce = 4;

    private static int PanelOutputs => PackedWeights.PanelOutputs;

    // Q4_1's weights are multiplied out, because of their minimum; others' scales enter once a block.
    private static bool Scaled
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TFormat.ScaleBytes > 0 && typeof(TFormat) != typeof(Q41Format);
    }

    /// <inheritdoc/>
    public static void Multiply(in PanelTile tile)
    {
        new Span<float>(tile.Sums, tile.Rows * PanelOutputs).Clear();
        for (var first = 0; first < PanelOutputs; first += 2 * TLanes.Width)
        {
            for (var block = 0; block < tile.Blocks; block += BlocksAtOnce)
            {
                Blocks(tile, block, first);
            }
        }
    }

    // A few blocks of two vectors of outputs: as few tiles of rows as can be, of nearly equal size.
    private static void Blocks(in PanelTile tile, int block, int first)
    {
        var blocks = Math.Min(BlocksAtOnce, tile.Blocks - block);
        var panel = tile.Panel + (block * (long)PanelBlock.Bytes<TFormat>());
        var x = tile.Values + (block * ActivationRows.Block);
        var sums = tile.Sums + first;
        var tiles = (tile.Rows + TLanes.LargestTile - 1) / TLanes.LargestTile;
        for (int row = 0, count; row < tile.Rows; row += count, tiles--)
        {
            count = (tile.Rows - row + tiles - 1) / tiles;
            switch (count)
            {
                case 1:
                    Tile<ITileRows.One>(panel, blocks, first, x, tile.ValueStride, sums);
                    break;
                case 2:
                    Tile<ITileRows.Two>(panel, blocks, first, x, tile.ValueStride, sums);
                    break;
                case 3:
                    Tile<ITileRows.Three>(panel, blocks, first, x, tile.ValueStride, sums);
                    break;
                case 4:
                    Tile<ITileRows.Four>(panel, blocks, first, x, tile.ValueStride, sums);
                    break;
                case 5:
                    Tile<ITileRows.Five>(panel, blocks, first, x, tile.ValueStride, sums);
                    break;
                default:
                    Tile<ITileRows.Six>(panel, blocks, first, x, tile.ValueStride, sums);
                    break;
            }

            x += count * tile.ValueStride;
            sums += count * PanelOutputs;
        }
    }

    // Sums a and c (outputs of the first vector), b and d (of the second) of each row; a and b of the first sixteen inputs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TRows>(byte* panel, int blocks, int first, float* x0, long stride, float* sums)
        where TRows : struct, ITileRows
    {
        byte* scales = PanelBlock.Scales<TFormat>(panel, first), codes = PanelBlock.Codes<TFormat>(panel, first);
        float* x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride, x5 = x4 + stride;
        for (var block = 0; block < blocks; block++)
        {
            TFloats a0 = default, b0 = default, c0 = default, d0 = default;
            TFloats a1 = default, b1 = default, c1 = default, d1 = default;
            TFloats a2 = default, b2 = default, c2 = default, d2 = default;
            TFloats a3 = default, b3 = default, c3 = default, d3 = default;
            TFloats a4 = default, b4 = default, c4 = default, d4 = default;
            TFloats a5 = default, b5 = default, c5 = default, d5 = default;
            var (scaleA, minimumA) = Factors(scales);
            var (scaleB, minimumB) = Factors(scales + PanelBlock.NextScales<TFormat>(TLanes.Width));
            for (var group = 0; group < 4; group++)
            {
                PanelMemory.Ahead(panel + PanelMemory.Distance, PanelBlock.Bytes<TFormat>() / 4);
                panel += PanelBlock.Bytes<TFormat>() / 4;
                for (var i = 0; i < 4; i++, codes += TFormat.InputBytes, x0++, x1++, x2++, x3++, x4++, x5++)
                {
                    var (a, c) = Weights(codes, scaleA, minimumA);
                    var (b, d) = Weights(codes + PanelBlock.NextCodes<TFormat>(TLanes.Width), scaleB, minimumB);
                    (a0, b0) = MultiplyAdd(a, b, x0, a0, b0);
                    (c0, d0) = MultiplyAdd(c, d, x0 + 16, c0, d0);
                    if (TRows.Count > 1)
                    {
                        (a1, b1) = MultiplyAdd(a, b, x1, a1, b1);
                        (c1, d1) = MultiplyAdd(c, d, x1 + 16, c1, d1);
                    }

                    if (TRows.Count > 2)
                    {
                        (a2, b2) = MultiplyAdd(a, b, x2, a2, b2);
                        (c2, d2) = MultiplyAdd(c, d, x2 + 16, c2, d2);
                    }

                    if (TRows.Count > 3)
                    {
                        (a3, b3) = MultiplyAdd(a, b, x3, a3, b3);
                        (c3, d3) = MultiplyAdd(c, d, x3 + 16, c3, d3);
                    }

                    if (TRows.Count > 4)
                    {
                        (a4, b4) = MultiplyAdd(a, b, x4, a4, b4);
                        (c4, d4) = MultiplyAdd(c, d, x4 + 16, c4, d4);
                    }

                    if (TRows.Count > 5)
                    {
                        (a5, b5) = MultiplyAdd(a, b, x5, a5, b5);
                        (c5, d5) = MultiplyAdd(c, d, x5 + 16, c5, d5);
                    }
                }

                codes += (TFormat.CodeBytes / 4) - (4 * TFormat.InputBytes);
            }

            Add(sums, scaleA, scaleB, a0, b0, c0, d0);
            if (TRows.Count > 1)
            {
                Add(sums + PanelOutputs, scaleA, scaleB, a1, b1, c1, d1);
            }

            if (TRows.Count > 2)
            {
                Add(sums + (2 * PanelOutputs), scaleA, scaleB, a2, b2, c2, d2);
            }

            if (TRows.Count > 3)
            {
                Add(sums + (3 * PanelOutputs), scaleA, scaleB, a3, b3, c3, d3);
            }

            if (TRows.Count > 4)
            {
                Add(sums + (4 * PanelOutputs), scaleA, scaleB, a4, b4, c4, d4);
            }

            if (TRows.Count > 5)
            {
                Add(sums + (5 * PanelOutputs), scaleA, scaleB, a5, b5, c5, d5);
            }

            codes += PanelBlock.Bytes<TFormat>() - TFormat.CodeBytes;
            scales += PanelBlock.Bytes<TFormat>();
            x0 += 16;
            x1 += 16;
            x2 += 16;
            x3 += 16;
            x4 += 16;
            x5 += 16;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TFloats A, TFloats B) MultiplyAdd(TFloats a, TFloats b, float* x, TFloats sumA, TFloats sumB)
    {
        var value = TLanes.Spread(x);
        return (TLanes.MultiplyAdd(a, value, sumA), TLanes.MultiplyAdd(b, value, sumB));
    }

    // What a block comes to, times its scale where weights do not have it, is added to the sum so far.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* sums, TFloats scaleA, TFloats scaleB, TFloats a, TFloats b, TFloats c, TFloats d)
    {
        var (low, high) = (TLanes.Add(a, c), TLanes.Add(b, d));
        var (totalA, totalB) = (TLanes.LoadFloats((byte*)sums), TLanes.LoadFloats((byte*)(sums + TLanes.Width)));
        TLanes.Store(Scaled ? TLanes.MultiplyAdd(low, scaleA, totalA) : TLanes.Add(low, totalA), sums);
        TLanes.Store(Scaled ? TLanes.MultiplyAdd(high, scaleB, totalB) : TLanes.Add(high, totalB), sums + TLanes.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TFloats Scale, TFloats Minimum) Factors(byte* scales)
    {
        if (TFormat.ScaleBytes == 0)
        {
            return default;
        }

        // A code of Q4_1 comes 8 too small out of Weights, like one of Q4_0.
        var scale = TLanes.LoadHalves(scales);
        return Scaled ? (scale, default) : (scale, TLanes.MultiplyAdd(scale, TLanes.Fill(8), TLanes.LoadHalves(scales + 32)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TFloats Low, TFloats High) Weights(byte* codes, TFloats scale, TFloats minimum)
    {
        var (low, high) = TFormat.Weights<TLanes, TInts, TFloats>(codes);
        return typeof(TFormat) == typeof(Q41Format)
            ? (TLanes.MultiplyAdd(low, scale, minimum), TLanes.MultiplyAdd(high, scale, minimum))
            : (low, high);
    }
}
