using System.Runtime.CompilerServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// 4-bit weights and 8-bit activations. Per block and output eight integer products of four codes, 0 … 15, with four
/// activations, all added up in integers (16 bits suffice: 8 · 2 · 15 · 127), less 8 · Σ activations because codes are 8 too
/// large; to float; times both scales; added to the sum so far. Q4_1 has its minimum · Σ activations instead of the 8.
/// </summary>
internal readonly unsafe struct FastNibbles<TFormat, TLanes, TInts, TFloats> : IPanelKernel
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
            byte* scales = tile.Scales + (2 * lane), codes = tile.Codes + (4 * lane), x = tile.RowCodes, s = tile.RowScales;
            TFloats f0 = default;
            for (var block = 0; block < tile.Blocks; block++, s += ActivationRows.RecordBytes, scales += TFormat.ScaleBytes)
            {
                TInts a0 = default;
                PanelMemory.Ahead(scales + tile.PanelBytes, TFormat.ScaleBytes);
                for (var group = 0; group < 4; group++, codes += 64, x += 4)
                {
                    PanelMemory.Ahead(codes + PanelMemory.Distance, 64);
                    var both = TLanes.Load(codes);
                    var (low, high) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                    a0 = TLanes.Dot(TLanes.Dot(a0, low, TLanes.Spread(x)), high, TLanes.Spread(x + 16));
                }

                x += ActivationRows.RecordBytes - 16;
                var scale = TLanes.LoadHalves(scales);
                f0 = Add(f0, a0, scale, scales, s);
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
            byte* scales = tile.Scales + (2 * lane), codes = tile.Codes + (4 * lane), x = tile.RowCodes, s = tile.RowScales;
            TFloats f0 = default, f1 = default;
            for (var block = 0; block < tile.Blocks; block++, s += ActivationRows.RecordBytes, scales += TFormat.ScaleBytes)
            {
                TInts a0 = default, a1 = default;
                PanelMemory.Ahead(scales + tile.PanelBytes, TFormat.ScaleBytes);
                for (var group = 0; group < 4; group++, codes += 64, x += 4)
                {
                    PanelMemory.Ahead(codes + PanelMemory.Distance, 64);
                    var both = TLanes.Load(codes);
                    var (low, high) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                    a0 = TLanes.Dot(TLanes.Dot(a0, low, TLanes.Spread(x)), high, TLanes.Spread(x + 16));
                    a1 = TLanes.Dot(TLanes.Dot(a1, low, TLanes.Spread(x + 32)), high, TLanes.Spread(x + 48));
                }

                x += ActivationRows.RecordBytes - 16;
                var scale = TLanes.LoadHalves(scales);
                f0 = Add(f0, a0, scale, scales, s);
                f1 = Add(f1, a1, scale, scales, s + 16);
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
            byte* scales = tile.Scales + (2 * lane), codes = tile.Codes + (4 * lane), x = tile.RowCodes, s = tile.RowScales;
            TFloats f0 = default, f1 = default, f2 = default, f3 = default;
            for (var block = 0; block < tile.Blocks; block++, s += ActivationRows.RecordBytes, scales += TFormat.ScaleBytes)
            {
                TInts a0 = default, a1 = default, a2 = default, a3 = default;
                PanelMemory.Ahead(scales + tile.PanelBytes, TFormat.ScaleBytes);
                for (var group = 0; group < 4; group++, codes += 64, x += 4)
                {
                    PanelMemory.Ahead(codes + PanelMemory.Distance, 64);
                    var both = TLanes.Load(codes);
                    var (low, high) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                    a0 = TLanes.Dot(TLanes.Dot(a0, low, TLanes.Spread(x)), high, TLanes.Spread(x + 16));
                    a1 = TLanes.Dot(TLanes.Dot(a1, low, TLanes.Spread(x + 32)), high, TLanes.Spread(x + 48));
                    a2 = TLanes.Dot(TLanes.Dot(a2, low, TLanes.Spread(x + 64)), high, TLanes.Spread(x + 80));
                    a3 = TLanes.Dot(TLanes.Dot(a3, low, TLanes.Spread(x + 96)), high, TLanes.Spread(x + 112));
                }

                x += ActivationRows.RecordBytes - 16;
                var scale = TLanes.LoadHalves(scales);
                f0 = Add(f0, a0, scale, scales, s);
                f1 = Add(f1, a1, scale, scales, s + 16);
                f2 = Add(f2, a2, scale, scales, s + 32);
                f3 = Add(f3, a3, scale, scales, s + 48);
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
            byte* scales = tile.Scales + (2 * lane), codes = tile.Codes + (4 * lane), x = tile.RowCodes, s = tile.RowScales;
            TFloats f0 = default, f1 = default, f2 = default, f3 = default, f4 = default, f5 = default, f6 = default, f7 = default;
            for (var block = 0; block < tile.Blocks; block++, s += ActivationRows.RecordBytes, scales += TFormat.ScaleBytes)
            {
                TInts a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
                PanelMemory.Ahead(scales + tile.PanelBytes, TFormat.ScaleBytes);
                for (var group = 0; group < 4; group++, codes += 64, x += 4)
                {
                    PanelMemory.Ahead(codes + PanelMemory.Distance, 64);
                    var both = TLanes.Load(codes);
                    var (low, high) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                    a0 = TLanes.Dot(TLanes.Dot(a0, low, TLanes.Spread(x)), high, TLanes.Spread(x + 16));
                    a1 = TLanes.Dot(TLanes.Dot(a1, low, TLanes.Spread(x + 32)), high, TLanes.Spread(x + 48));
                    a2 = TLanes.Dot(TLanes.Dot(a2, low, TLanes.Spread(x + 64)), high, TLanes.Spread(x + 80));
                    a3 = TLanes.Dot(TLanes.Dot(a3, low, TLanes.Spread(x + 96)), high, TLanes.Spread(x + 112));
                    a4 = TLanes.Dot(TLanes.Dot(a4, low, TLanes.Spread(x + 128)), high, TLanes.Spread(x + 144));
                    a5 = TLanes.Dot(TLanes.Dot(a5, low, TLanes.Spread(x + 160)), high, TLanes.Spread(x + 176));
                    a6 = TLanes.Dot(TLanes.Dot(a6, low, TLanes.Spread(x + 192)), high, TLanes.Spread(x + 208));
                    a7 = TLanes.Dot(TLanes.Dot(a7, low, TLanes.Spread(x + 224)), high, TLanes.Spread(x + 240));
                }

                x += ActivationRows.RecordBytes - 16;
                var scale = TLanes.LoadHalves(scales);
                f0 = Add(f0, a0, scale, scales, s);
                f1 = Add(f1, a1, scale, scales, s + 16);
                f2 = Add(f2, a2, scale, scales, s + 32);
                f3 = Add(f3, a3, scale, scales, s + 48);
                f4 = Add(f4, a4, scale, scales, s + 64);
                f5 = Add(f5, a5, scale, scales, s + 80);
                f6 = Add(f6, a6, scale, scales, s + 96);
                f7 = Add(f7, a7, scale, scales, s + 112);
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
    private static TFloats Add(TFloats total, TInts sums, TFloats scale, byte* scales, byte* s)
    {
        if (typeof(TFormat) == typeof(Q41Format))
        {
            var part = TLanes.Multiply(TLanes.ToFloats(TLanes.Reduce(sums)), TLanes.Fill(*(float*)s));
            total = TLanes.MultiplyAdd(TLanes.LoadHalves(scales + 32), TLanes.Fill(*(float*)(s + 8)), total);
            return TLanes.MultiplyAdd(part, scale, total);
        }

        var centred = TLanes.Subtract(TLanes.Reduce(sums), *(int*)(s + 4));
        return TLanes.MultiplyAdd(TLanes.Multiply(TLanes.ToFloats(centred), TLanes.Fill(*(float*)s)), scale, total);
    }
}
