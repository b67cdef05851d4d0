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
    /// <inheritdoc/>
    public static int LargestTile => TLanes.LargestTile;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1(in PanelTile tile)
    {
        var results = tile.Results;
        for (var lane = 0; lane < PackedWeights.PanelOutputs; lane += TLanes.Width, results += TLanes.Width)
        {
            byte* scales = tile.Scales + (2 * lane), codes = tile.Codes + (TFormat.LaneBytes * lane);
            float* x0 = tile.RowValues;
            TFloats f0 = default;
            for (var (block, k) = (0, 0L); block < tile.Blocks; block++, k += 16, scales += TFormat.ScaleBytes)
            {
                TFloats a0 = default;
                TFloats b0 = default;
                var (scale, minimum) = Scales(scales);
                PanelMemory.Ahead(scales + tile.PanelBytes, TFormat.ScaleBytes);
                for (var group = 0; group < 4; group++, k += 4, codes += TFormat.CodeBytes / 4)
                {
                    PanelMemory.Ahead(codes + PanelMemory.Distance, TFormat.CodeBytes / 4);
                    var (low, high) = Weights(codes, scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 16]), b0);

                    (low, high) = Weights(codes + TFormat.InputBytes, scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 1]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 17]), b0);

                    (low, high) = Weights(codes + (2 * TFormat.InputBytes), scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 2]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 18]), b0);

                    (low, high) = Weights(codes + (3 * TFormat.InputBytes), scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 3]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 19]), b0);
                }

                f0 = Total(f0, TLanes.Add(a0, b0), scale);
            }

            TLanes.Store(f0, results);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows2(in PanelTile tile)
    {
        var results = tile.Results;
        for (var lane = 0; lane < PackedWeights.PanelOutputs; lane += TLanes.Width, results += TLanes.Width)
        {
            byte* scales = tile.Scales + (2 * lane), codes = tile.Codes + (TFormat.LaneBytes * lane);
            float* x0 = tile.RowValues, x1 = x0 + tile.RowStride;
            TFloats f0 = default, f1 = default;
            for (var (block, k) = (0, 0L); block < tile.Blocks; block++, k += 16, scales += TFormat.ScaleBytes)
            {
                TFloats a0 = default, a1 = default;
                TFloats b0 = default, b1 = default;
                var (scale, minimum) = Scales(scales);
                PanelMemory.Ahead(scales + tile.PanelBytes, TFormat.ScaleBytes);
                for (var group = 0; group < 4; group++, k += 4, codes += TFormat.CodeBytes / 4)
                {
                    PanelMemory.Ahead(codes + PanelMemory.Distance, TFormat.CodeBytes / 4);
                    var (low, high) = Weights(codes, scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 16]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 16]), b1);

                    (low, high) = Weights(codes + TFormat.InputBytes, scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 1]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 17]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k + 1]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 17]), b1);

                    (low, high) = Weights(codes + (2 * TFormat.InputBytes), scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 2]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 18]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k + 2]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 18]), b1);

                    (low, high) = Weights(codes + (3 * TFormat.InputBytes), scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 3]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 19]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k + 3]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 19]), b1);
                }

                f0 = Total(f0, TLanes.Add(a0, b0), scale);
                f1 = Total(f1, TLanes.Add(a1, b1), scale);
            }

            TLanes.Store(f0, results);
            TLanes.Store(f1, results + tile.ResultStride);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4(in PanelTile tile)
    {
        var results = tile.Results;
        for (var lane = 0; lane < PackedWeights.PanelOutputs; lane += TLanes.Width, results += TLanes.Width)
        {
            byte* scales = tile.Scales + (2 * lane), codes = tile.Codes + (TFormat.LaneBytes * lane);
            float* x0 = tile.RowValues, x1 = x0 + tile.RowStride, x2 = x1 + tile.RowStride, x3 = x2 + tile.RowStride;
            TFloats f0 = default, f1 = default, f2 = default, f3 = default;
            for (var (block, k) = (0, 0L); block < tile.Blocks; block++, k += 16, scales += TFormat.ScaleBytes)
            {
                TFloats a0 = default, a1 = default, a2 = default, a3 = default;
                TFloats b0 = default, b1 = default, b2 = default, b3 = default;
                var (scale, minimum) = Scales(scales);
                PanelMemory.Ahead(scales + tile.PanelBytes, TFormat.ScaleBytes);
                for (var group = 0; group < 4; group++, k += 4, codes += TFormat.CodeBytes / 4)
                {
                    PanelMemory.Ahead(codes + PanelMemory.Distance, TFormat.CodeBytes / 4);
                    var (low, high) = Weights(codes, scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 16]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 16]), b1);
                    a2 = TLanes.MultiplyAdd(low, TLanes.Fill(x2[k]), a2);
                    b2 = TLanes.MultiplyAdd(high, TLanes.Fill(x2[k + 16]), b2);
                    a3 = TLanes.MultiplyAdd(low, TLanes.Fill(x3[k]), a3);
                    b3 = TLanes.MultiplyAdd(high, TLanes.Fill(x3[k + 16]), b3);

                    (low, high) = Weights(codes + TFormat.InputBytes, scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 1]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 17]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k + 1]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 17]), b1);
                    a2 = TLanes.MultiplyAdd(low, TLanes.Fill(x2[k + 1]), a2);
                    b2 = TLanes.MultiplyAdd(high, TLanes.Fill(x2[k + 17]), b2);
                    a3 = TLanes.MultiplyAdd(low, TLanes.Fill(x3[k + 1]), a3);
                    b3 = TLanes.MultiplyAdd(high, TLanes.Fill(x3[k + 17]), b3);

                    (low, high) = Weights(codes + (2 * TFormat.InputBytes), scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 2]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 18]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k + 2]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 18]), b1);
                    a2 = TLanes.MultiplyAdd(low, TLanes.Fill(x2[k + 2]), a2);
                    b2 = TLanes.MultiplyAdd(high, TLanes.Fill(x2[k + 18]), b2);
                    a3 = TLanes.MultiplyAdd(low, TLanes.Fill(x3[k + 2]), a3);
                    b3 = TLanes.MultiplyAdd(high, TLanes.Fill(x3[k + 18]), b3);

                    (low, high) = Weights(codes + (3 * TFormat.InputBytes), scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 3]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 19]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k + 3]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 19]), b1);
                    a2 = TLanes.MultiplyAdd(low, TLanes.Fill(x2[k + 3]), a2);
                    b2 = TLanes.MultiplyAdd(high, TLanes.Fill(x2[k + 19]), b2);
                    a3 = TLanes.MultiplyAdd(low, TLanes.Fill(x3[k + 3]), a3);
                    b3 = TLanes.MultiplyAdd(high, TLanes.Fill(x3[k + 19]), b3);
                }

                f0 = Total(f0, TLanes.Add(a0, b0), scale);
                f1 = Total(f1, TLanes.Add(a1, b1), scale);
                f2 = Total(f2, TLanes.Add(a2, b2), scale);
                f3 = Total(f3, TLanes.Add(a3, b3), scale);
            }

            TLanes.Store(f0, results);
            TLanes.Store(f1, results + tile.ResultStride);
            TLanes.Store(f2, results + (2 * tile.ResultStride));
            TLanes.Store(f3, results + (3 * tile.ResultStride));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows8(in PanelTile tile)
    {
        var results = tile.Results;
        for (var lane = 0; lane < PackedWeights.PanelOutputs; lane += TLanes.Width, results += TLanes.Width)
        {
            byte* scales = tile.Scales + (2 * lane), codes = tile.Codes + (TFormat.LaneBytes * lane);
            float* x0 = tile.RowValues, x1 = x0 + tile.RowStride, x2 = x1 + tile.RowStride, x3 = x2 + tile.RowStride, x4 = x3 + tile.RowStride, x5 = x4 + tile.RowStride, x6 = x5 + tile.RowStride, x7 = x6 + tile.RowStride;
            TFloats f0 = default, f1 = default, f2 = default, f3 = default, f4 = default, f5 = default, f6 = default, f7 = default;
            for (var (block, k) = (0, 0L); block < tile.Blocks; block++, k += 16, scales += TFormat.ScaleBytes)
            {
                TFloats a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
                TFloats b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
                var (scale, minimum) = Scales(scales);
                PanelMemory.Ahead(scales + tile.PanelBytes, TFormat.ScaleBytes);
                for (var group = 0; group < 4; group++, k += 4, codes += TFormat.CodeBytes / 4)
                {
                    PanelMemory.Ahead(codes + PanelMemory.Distance, TFormat.CodeBytes / 4);
                    var (low, high) = Weights(codes, scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 16]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 16]), b1);
                    a2 = TLanes.MultiplyAdd(low, TLanes.Fill(x2[k]), a2);
                    b2 = TLanes.MultiplyAdd(high, TLanes.Fill(x2[k + 16]), b2);
                    a3 = TLanes.MultiplyAdd(low, TLanes.Fill(x3[k]), a3);
                    b3 = TLanes.MultiplyAdd(high, TLanes.Fill(x3[k + 16]), b3);
                    a4 = TLanes.MultiplyAdd(low, TLanes.Fill(x4[k]), a4);
                    b4 = TLanes.MultiplyAdd(high, TLanes.Fill(x4[k + 16]), b4);
                    a5 = TLanes.MultiplyAdd(low, TLanes.Fill(x5[k]), a5);
                    b5 = TLanes.MultiplyAdd(high, TLanes.Fill(x5[k + 16]), b5);
                    a6 = TLanes.MultiplyAdd(low, TLanes.Fill(x6[k]), a6);
                    b6 = TLanes.MultiplyAdd(high, TLanes.Fill(x6[k + 16]), b6);
                    a7 = TLanes.MultiplyAdd(low, TLanes.Fill(x7[k]), a7);
                    b7 = TLanes.MultiplyAdd(high, TLanes.Fill(x7[k + 16]), b7);

                    (low, high) = Weights(codes + TFormat.InputBytes, scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 1]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 17]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k + 1]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 17]), b1);
                    a2 = TLanes.MultiplyAdd(low, TLanes.Fill(x2[k + 1]), a2);
                    b2 = TLanes.MultiplyAdd(high, TLanes.Fill(x2[k + 17]), b2);
                    a3 = TLanes.MultiplyAdd(low, TLanes.Fill(x3[k + 1]), a3);
                    b3 = TLanes.MultiplyAdd(high, TLanes.Fill(x3[k + 17]), b3);
                    a4 = TLanes.MultiplyAdd(low, TLanes.Fill(x4[k + 1]), a4);
                    b4 = TLanes.MultiplyAdd(high, TLanes.Fill(x4[k + 17]), b4);
                    a5 = TLanes.MultiplyAdd(low, TLanes.Fill(x5[k + 1]), a5);
                    b5 = TLanes.MultiplyAdd(high, TLanes.Fill(x5[k + 17]), b5);
                    a6 = TLanes.MultiplyAdd(low, TLanes.Fill(x6[k + 1]), a6);
                    b6 = TLanes.MultiplyAdd(high, TLanes.Fill(x6[k + 17]), b6);
                    a7 = TLanes.MultiplyAdd(low, TLanes.Fill(x7[k + 1]), a7);
                    b7 = TLanes.MultiplyAdd(high, TLanes.Fill(x7[k + 17]), b7);

                    (low, high) = Weights(codes + (2 * TFormat.InputBytes), scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 2]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 18]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k + 2]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 18]), b1);
                    a2 = TLanes.MultiplyAdd(low, TLanes.Fill(x2[k + 2]), a2);
                    b2 = TLanes.MultiplyAdd(high, TLanes.Fill(x2[k + 18]), b2);
                    a3 = TLanes.MultiplyAdd(low, TLanes.Fill(x3[k + 2]), a3);
                    b3 = TLanes.MultiplyAdd(high, TLanes.Fill(x3[k + 18]), b3);
                    a4 = TLanes.MultiplyAdd(low, TLanes.Fill(x4[k + 2]), a4);
                    b4 = TLanes.MultiplyAdd(high, TLanes.Fill(x4[k + 18]), b4);
                    a5 = TLanes.MultiplyAdd(low, TLanes.Fill(x5[k + 2]), a5);
                    b5 = TLanes.MultiplyAdd(high, TLanes.Fill(x5[k + 18]), b5);
                    a6 = TLanes.MultiplyAdd(low, TLanes.Fill(x6[k + 2]), a6);
                    b6 = TLanes.MultiplyAdd(high, TLanes.Fill(x6[k + 18]), b6);
                    a7 = TLanes.MultiplyAdd(low, TLanes.Fill(x7[k + 2]), a7);
                    b7 = TLanes.MultiplyAdd(high, TLanes.Fill(x7[k + 18]), b7);

                    (low, high) = Weights(codes + (3 * TFormat.InputBytes), scale, minimum);
                    a0 = TLanes.MultiplyAdd(low, TLanes.Fill(x0[k + 3]), a0);
                    b0 = TLanes.MultiplyAdd(high, TLanes.Fill(x0[k + 19]), b0);
                    a1 = TLanes.MultiplyAdd(low, TLanes.Fill(x1[k + 3]), a1);
                    b1 = TLanes.MultiplyAdd(high, TLanes.Fill(x1[k + 19]), b1);
                    a2 = TLanes.MultiplyAdd(low, TLanes.Fill(x2[k + 3]), a2);
                    b2 = TLanes.MultiplyAdd(high, TLanes.Fill(x2[k + 19]), b2);
                    a3 = TLanes.MultiplyAdd(low, TLanes.Fill(x3[k + 3]), a3);
                    b3 = TLanes.MultiplyAdd(high, TLanes.Fill(x3[k + 19]), b3);
                    a4 = TLanes.MultiplyAdd(low, TLanes.Fill(x4[k + 3]), a4);
                    b4 = TLanes.MultiplyAdd(high, TLanes.Fill(x4[k + 19]), b4);
                    a5 = TLanes.MultiplyAdd(low, TLanes.Fill(x5[k + 3]), a5);
                    b5 = TLanes.MultiplyAdd(high, TLanes.Fill(x5[k + 19]), b5);
                    a6 = TLanes.MultiplyAdd(low, TLanes.Fill(x6[k + 3]), a6);
                    b6 = TLanes.MultiplyAdd(high, TLanes.Fill(x6[k + 19]), b6);
                    a7 = TLanes.MultiplyAdd(low, TLanes.Fill(x7[k + 3]), a7);
                    b7 = TLanes.MultiplyAdd(high, TLanes.Fill(x7[k + 19]), b7);
                }

                f0 = Total(f0, TLanes.Add(a0, b0), scale);
                f1 = Total(f1, TLanes.Add(a1, b1), scale);
                f2 = Total(f2, TLanes.Add(a2, b2), scale);
                f3 = Total(f3, TLanes.Add(a3, b3), scale);
                f4 = Total(f4, TLanes.Add(a4, b4), scale);
                f5 = Total(f5, TLanes.Add(a5, b5), scale);
                f6 = Total(f6, TLanes.Add(a6, b6), scale);
                f7 = Total(f7, TLanes.Add(a7, b7), scale);
            }

            TLanes.Store(f0, results);
            TLanes.Store(f1, results + tile.ResultStride);
            TLanes.Store(f2, results + (2 * tile.ResultStride));
            TLanes.Store(f3, results + (3 * tile.ResultStride));
            TLanes.Store(f4, results + (4 * tile.ResultStride));
            TLanes.Store(f5, results + (5 * tile.ResultStride));
            TLanes.Store(f6, results + (6 * tile.ResultStride));
            TLanes.Store(f7, results + (7 * tile.ResultStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TFloats Scale, TFloats Minimum) Scales(byte* scales)
    {
        if (TFormat.ScaleBytes == 0)
        {
            return default;
        }

        // A code of Q4_1 comes 8 too small out of Weights, like one of Q4_0.
        var scale = TLanes.LoadHalves(scales);
        return typeof(TFormat) == typeof(Q41Format)
            ? (scale, TLanes.MultiplyAdd(scale, TLanes.Fill(8), TLanes.LoadHalves(scales + 32)))
            : (scale, default);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TFloats Low, TFloats High) Weights(byte* codes, TFloats scale, TFloats minimum)
    {
        var (low, high) = TFormat.Weights<TLanes, TInts, TFloats>(codes);
        return typeof(TFormat) == typeof(Q41Format)
            ? (TLanes.MultiplyAdd(low, scale, minimum), TLanes.MultiplyAdd(high, scale, minimum))
            : (low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloats Total(TFloats total, TFloats block, TFloats scale) =>
        TFormat.ScaleBytes == 0 || typeof(TFormat) == typeof(Q41Format)
            ? TLanes.Add(total, block)
            : TLanes.MultiplyAdd(block, scale, total);
}
